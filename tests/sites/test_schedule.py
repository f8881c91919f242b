"""When a fleet crawls a site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from armcrawl.sites.schedule import Schedule

MOSCOW = "Europe/Moscow"
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_night_is_due_at_the_time_of_the_sites_own_zone() -> None:
    schedule = Schedule(nightly="03:00", jitter=0)
    assert schedule.last_due("ventil", MOSCOW, NOON) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert schedule.next_due("ventil", MOSCOW, NOON) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_a_night_begins_later_by_less_than_the_jitter_and_each_sites_at_its_own_time() -> None:
    schedule = Schedule(nightly="03:00", jitter=30)
    begun = [schedule.last_due(f"site{number}", MOSCOW, NOON) for number in range(50)]
    first = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert all(at is not None and first <= at <= first + timedelta(minutes=30) for at in begun)
    assert len(set(begun)) > 25


def test_whoever_asks_hears_the_same_time() -> None:
    schedule = Schedule(nightly="23:50")
    told = {schedule.next_due("ventil", MOSCOW, NOON + timedelta(minutes=number)) for number in range(60)}
    assert len(told) == 1


def test_a_night_that_the_jitter_moves_beyond_midnight_is_not_lost() -> None:
    schedule = Schedule(nightly="23:59", jitter=720)
    due = [NOON]
    for _ in range(5):
        due.append(schedule.next_due("ventil", MOSCOW, due[-1]) or NOON)
    between = [after - before for before, after in pairwise(due[1:])]
    assert all(timedelta(hours=12) <= gap <= timedelta(hours=36) for gap in between)


@pytest.mark.parametrize("number", range(10))
def test_a_night_beyond_midnight_is_told_of_before_and_after_it(number: int) -> None:
    schedule, site = Schedule(nightly="23:59", jitter=720), f"site{number}"
    due = schedule.next_due(site, MOSCOW, NOON)
    assert due is not None
    assert schedule.next_due(site, MOSCOW, due - timedelta(minutes=1)) == due
    assert schedule.last_due(site, MOSCOW, due) == due


def test_the_clocks_change_in_spring_and_a_night_stays_one() -> None:
    schedule, now = Schedule(nightly="02:30", jitter=0), datetime(2027, 3, 26, 12, 0, tzinfo=UTC)
    due = []
    for _ in range(4):
        now = schedule.next_due("ventil", "Europe/Berlin", now) or now
        due.append(now)
    assert len({at.date() for at in due}) == 4


def test_without_a_time_nothing_is_due() -> None:
    assert Schedule().next_due("ventil", MOSCOW, NOON) is None
    assert Schedule().last_due("ventil", MOSCOW, NOON) is None


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        (Schedule(), []),
        (Schedule(max_requests=300, max_time=0), ["--max-requests", "300", "--max-time", "0"]),
    ],
)
def test_a_nights_budget_is_told_as_a_crawl_is_told_it(schedule: Schedule, told: list[str]) -> None:
    assert schedule.arguments() == told
