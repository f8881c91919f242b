"""What becomes of jobs, by real processes: slices, pauses, and each exit code."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.fleet.engine import NIGHTLY, SLICE, app_of
from armcrawl.fleet.enqueuing import Order, enqueue
from armcrawl.fleet.exits import FAILURE_SECONDS, MAX_FAILURES
from tests.cli.test_sites import MANY, answering
from tests.fleet.conftest import SITE
from tests.fleet.world import SCALE
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fleet.world import World

# Long enough for some pages of a crawl on a busy machine, and how many there are.
SLICE_SECONDS, LONG = 20, 40
ENDED = "SELECT exit_code, fate FROM fleet_attempts WHERE ended_at IS NOT NULL ORDER BY id"


def hears(fleet: World) -> Path:
    """Have the fleet tell of failures in a file, and return it."""
    heard = fleet.folder / "heard"
    fleet.lines.insert(0, f"on_failure = 'echo \"$ARMCRAWL_EXIT_CODE $ARMCRAWL_SENTENCE\" >> {heard}'")
    fleet.write()
    return heard


def night(fleet: World, site: str) -> None:
    """Bring in a night of a few pages, as the scheduler does, behind what is under way."""
    ((lock,),) = fleet.ask("SELECT lock FROM procrastinate_jobs")

    async def bring_in() -> None:
        async with app_of(fleet.url).open_async() as app:
            assert await enqueue(app, Order(site, ("crawl", site, "--max-requests", "6"), lock), NIGHTLY)

    asyncio.run(bring_in())


@pytest.mark.soak
def test_a_long_backfill_lets_nights_go_first_goes_on_until_it_is_done_and_asks_for_nothing_twice(fleet: World) -> None:
    portal = fleet.add_site("klapan", newest=LONG)
    fleet.told("fleet", "run", "klapan", "backfill", "--all")
    fleet.keep("first", variables={SLICE: str(SLICE_SECONDS)})
    wait_for(lambda: fleet.ask("SELECT 1 FROM fleet_attempts"))
    night(fleet, "klapan")  # comes while the first slice goes on
    wait_for(lambda: len(portal.answered) > LONG // 4)
    portal.is_held = True  # until the slice is over, however fast the machine is
    wait_for(lambda: time.monotonic() > portal.moments[0] + SLICE_SECONDS)
    portal.is_held = False
    fleet.wait_until_done(2)
    order = fleet.ask("SELECT arguments->>0, exit_code, fate FROM fleet_attempts ORDER BY id")
    assert order[:2] == [("backfill", 0, "again"), ("crawl", 0, "done")]
    assert set(order[2:-1]) <= {order[0]}
    assert order[-1] == ("backfill", 0, "done")
    assert len(fleet.articles()) == LONG
    assert (portal.overlaps, portal.twice) == (0, 0)


@pytest.mark.soak
def test_a_site_that_is_paused_ends_what_is_under_way_and_begins_nothing(fleet: World) -> None:
    fleet.begin(SITE)
    fleet.told("fleet", "pause", SITE)
    fleet.told("fleet", "resume", SITE)
    fleet.told("fleet", "run", SITE, "backfill", "--ids", "1-3")
    fleet.told("fleet", "pause", SITE)
    fleet.go_on(SITE)
    wait_for(lambda: fleet.ask(ENDED) == [(0, "done")])  # what was under way
    asked = len(fleet.portals[SITE].asked)
    looks = "SELECT max(attempts) FROM procrastinate_jobs WHERE args->'arguments'->>0 = 'backfill'"
    wait_for(lambda: fleet.ask(looks)[0][0] >= 2)  # workers have come to it again and again
    assert (fleet.ask(ENDED), len(fleet.portals[SITE].asked)) == ([(0, "done")], asked)
    fleet.told("fleet", "resume", SITE)
    fleet.wait_until_done(2)


@pytest.mark.e2e
def test_what_somebody_must_mend_is_told_once_and_not_tried_again(fleet: World) -> None:
    heard = hears(fleet)
    fleet.told("fleet", "run", SITE)
    fleet.keep("first")
    wait_for(lambda: fleet.jobs() == [(SITE, "succeeded")])
    # A check of ours breaks, as what it compares with is damaged.
    fleet.ask("UPDATE runs SET picture = '{\"pages\": 1}' RETURNING 1")
    fleet.portals[SITE].answer = answering(MANY + 4)
    fleet.told("fleet", "run", SITE)
    wait_for(lambda: fleet.jobs()[1:] == [(SITE, "failed")])
    fleet.told("fleet", "run", SITE, "backfill", "--ids", "none")
    wait_for(lambda: fleet.jobs()[2:] == [(SITE, "failed")])
    assert fleet.ask(ENDED) == [(0, "done"), (5, "given up"), (2, "given up")]
    told = heard.read_text("utf-8").splitlines()
    assert [line.split()[0] for line in told] == ["5", "2"]
    assert all(f"The fleet does not try it again: `armcrawl fleet status {SITE}`" in line for line in told)


@pytest.mark.soak
def test_a_site_that_fails_is_tried_later_each_time_and_then_given_up_and_told_once(fleet: World) -> None:
    heard = hears(fleet)
    fleet.portals[SITE].status = 500
    fleet.told("fleet", "run", SITE)
    fleet.keep("first")
    waits: list[float] = []
    sql = """
    SELECT extract(epoch FROM scheduled_at - (SELECT max(ended_at) FROM fleet_attempts))::float
    FROM procrastinate_jobs WHERE status = 'todo' AND attempts = %s
    """
    for number in range(1, MAX_FAILURES):
        found: list[tuple[Any, ...]] = []

        def has_failed(number: int = number, found: list[tuple[Any, ...]] = found) -> bool:
            found[:] = fleet.ask(sql, number)
            return bool(found)

        wait_for(has_failed)
        waits.append(found[0][0])
        # Nobody waits so long in a test.
        fleet.ask("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' RETURNING 1")
    wait_for(lambda: fleet.jobs() == [(SITE, "failed")])
    assert fleet.ask(ENDED) == [(1, "again")] * (MAX_FAILURES - 1) + [(1, "given up")]
    due = [FAILURE_SECONDS * float(SCALE) * factor for factor in (1, 2, 4, 8)]
    # A moment lies between the end of an attempt and the decision on its job.
    assert all(0 <= wait - least < least for wait, least in zip(waits, due, strict=True))
    assert Counter(line.split()[0] for line in heard.read_text("utf-8").splitlines()) == {"1": 1}
