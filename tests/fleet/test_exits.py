"""What becomes of a job by its exit codes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from armcrawl.fleet.exits import FAILURE_SECONDS, MAX_FAILURES, MAX_KILLS, Fate, SliceEnd, decide, rescue
from armcrawl.fleet.holding import Scheduled

MINUTE = 60


def test_a_job_that_ended_well_is_done() -> None:
    assert decide([0]).fate is Fate.DONE


def test_a_slice_goes_on_and_lets_others_first() -> None:
    decision = decide([0, 0], slice_end=SliceEnd.GOES_ON)
    assert (decision.fate, decision.seconds, decision.goes_back) == (Fate.AGAIN, 0, True)


def test_a_slice_that_got_nowhere_is_not_the_end_of_its_backfill() -> None:
    decision = decide([0, 0], slice_end=SliceEnd.GOT_NOWHERE)
    assert (decision.fate, decision.seconds) == (Fate.AGAIN, FAILURE_SECONDS)


def test_a_failure_is_tried_again_later_each_time_and_not_for_ever() -> None:
    waits = [decide([1] * number).seconds for number in range(1, MAX_FAILURES)]
    assert waits == [FAILURE_SECONDS * factor for factor in (1, 2, 4, 8)]
    last = decide([1] * MAX_FAILURES)
    assert (last.fate, last.is_alarm) == (Fate.GIVEN_UP, True)


def test_failures_before_a_slice_that_went_well_do_not_count() -> None:
    assert decide([1, 1, 1, 1, 0, 1]).seconds == FAILURE_SECONDS


@pytest.mark.parametrize("between", [4, -9, None, 143])
def test_what_says_nothing_of_the_site_neither_counts_as_a_failure_nor_forgives_one(between: int | None) -> None:
    assert decide([1, between, 1]).seconds == 2 * FAILURE_SECONDS


@pytest.mark.parametrize("code", [2, 5])
def test_what_somebody_must_mend_is_never_tried_again(code: int) -> None:
    assert decide([code]).fate is Fate.GIVEN_UP
    assert decide([code]).is_alarm


def test_a_site_that_blocks_us_is_held() -> None:
    assert decide([3]).fate is Fate.HELD
    assert decide([3]).is_alarm


def test_where_another_run_works_it_is_tried_later_and_for_ever() -> None:
    assert 0 < decide([4]).seconds < MINUTE
    assert decide([4] * 1_000) == decide([4])


@pytest.mark.parametrize("code", [130, 143, 137, -9, -15, -2, None])
def test_what_was_ended_from_outside_begins_at_once(code: int | None) -> None:
    decision = decide([code])
    assert (decision.fate, decision.seconds, decision.is_alarm) == (Fate.AGAIN, 0, False)


def test_what_is_killed_again_and_again_waits_and_is_given_up() -> None:
    assert decide([-9] * MAX_KILLS).seconds == 0
    assert decide([-9] * (MAX_KILLS + 1)).seconds == FAILURE_SECONDS
    assert decide([None] * (MAX_KILLS + MAX_FAILURES)).fate is Fate.GIVEN_UP


def test_a_job_whose_worker_is_gone_is_not_done_whatever_came_of_its_process() -> None:
    assert rescue([0], was_started=False).fate is Fate.AGAIN
    assert rescue([None], was_started=True) == rescue([], was_started=False) == decide([None])
    assert rescue([None] * (MAX_KILLS + MAX_FAILURES), was_started=True).fate is Fate.GIVEN_UP


def test_a_night_is_brought_in_once_and_not_for_a_site_that_is_held() -> None:
    before, due = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    assert Scheduled(before, is_held=False).is_due(due)
    assert not Scheduled(due, is_held=False).is_due(due)
    assert not Scheduled(before, is_held=True).is_due(due)
    assert not Scheduled(None, is_held=False).is_due(due)  # a new site begins with its next night


@pytest.mark.parametrize("code", [-11, -6, 7])
def test_a_crash_is_a_failure(code: int) -> None:
    assert decide([code]).seconds == FAILURE_SECONDS
