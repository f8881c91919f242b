"""Whatever dies in a fleet: no page is lost, no server has two crawls at a time, and the work goes on by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.fleet.engine import CRAWLS, RUN_TASK, app_of
from armcrawl.fleet.enqueuing import Order
from tests.alive import is_alive, parent_of
from tests.fleet.conftest import SITE, check
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fleet.world import World


def attempts(fleet: World) -> list[tuple[Any, ...]]:
    return fleet.ask("SELECT exit_code, fate FROM fleet_attempts WHERE ended_at IS NOT NULL ORDER BY id")


@pytest.mark.e2e
def test_a_worker_dies_with_its_crawl(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    crawl = fleet.begin(SITE)
    os.kill(parent_of(crawl), signal.SIGKILL)
    wait_for(lambda: not is_alive(crawl))  # though nobody has killed it
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=1)
    assert attempts(fleet)[0] == (None, "again")


@pytest.mark.soak
def test_a_crawl_is_killed(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    os.kill(fleet.begin(SITE), signal.SIGKILL)
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=1)
    assert attempts(fleet)[0] == (-9, "again")


@pytest.mark.soak
def test_a_worker_dies_while_a_crawl_of_its_server_lives(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    survivor = fleet.spawn("crawl", SITE)
    fleet.wait_for_requests(SITE)
    os.kill(survivor.pid, signal.SIGSTOP)
    fleet.told("fleet", "run", SITE)
    worker = fleet.start("first")
    waits = "SELECT 1 FROM procrastinate_jobs WHERE attempts > %s"
    wait_for(lambda: fleet.ask(waits, 0))
    os.kill(worker.pid, signal.SIGKILL)
    fleet.keep("second")
    fleet.keep("scheduler", schedules=True)
    wait_for(lambda: fleet.ask(waits, 1))
    assert attempts(fleet) == []  # nobody has begun what could only have ended with exit code 4
    wait_for(lambda: f"crawl of {SITE}" in str([row["waits_for"] for row in fleet.status()["queue"]]))
    os.kill(survivor.pid, signal.SIGCONT)
    check(fleet, undisturbed)


@pytest.mark.soak
def test_a_worker_sleeps_and_wakes(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    worker = parent_of(fleet.begin(SITE))
    os.kill(worker, signal.SIGSTOP)
    wait_for(lambda: fleet.ask("SELECT 1 FROM fleet_attempts WHERE fate = 'again'"))  # it is taken for dead
    os.kill(worker, signal.SIGCONT)
    wait_for(lambda: not is_alive(worker))  # so that it begins anew, and does not finish what others have
    fleet.go_on(SITE)
    # It has taken its crawl with it.
    check(fleet, undisturbed, kills=1)


@pytest.mark.soak
def test_a_worker_is_told_to_end(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    crawl = fleet.begin(SITE)
    os.kill(parent_of(crawl), signal.SIGTERM)
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=1)
    assert attempts(fleet)[0] == (143, "again")


@pytest.mark.soak
def test_all_clocks_of_a_machine_are_an_hour_ahead(
    fleet: World, undisturbed: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    ahead = tmp_path / "ahead"
    ahead.mkdir()
    (ahead / "sitecustomize.py").write_text(
        "from datetime import UTC, datetime, timedelta\n"
        "from armcrawl import clock\n"
        "clock.now = lambda: datetime.now(UTC) + timedelta(hours=1)\n",
        encoding="utf-8",
    )
    crawl = fleet.begin(SITE, PYTHONPATH=str(ahead))
    began = fleet.ask("SELECT started_at > now() + interval '50 minutes' FROM fleet_attempts")
    assert began == [(True,)]  # they are
    os.kill(crawl, signal.SIGKILL)
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=1)
    # Who waits does so by the database's clock: not for an hour.
    portal = fleet.portals[SITE]
    portal.is_held = True
    fleet.spawn("crawl", SITE)
    wait_for(lambda: portal.at_work)
    fleet.told("fleet", "run", SITE)
    waits = (
        "SELECT scheduled_at < now() + interval '1 minute' FROM procrastinate_jobs WHERE lock IS NOT NULL AND id > 1"
    )
    wait_for(lambda: fleet.ask(waits) == [(True,)])
    fleet.go_on(SITE)
    fleet.wait_until_done(2)


@pytest.mark.soak
def test_each_job_comes_three_times_and_past_all_that_keeps_it_from_it(
    fleet: World, undisturbed: list[tuple[Any, ...]]
) -> None:
    order = Order(SITE, ("crawl", SITE), "one")

    async def bring_in() -> None:
        async with app_of(fleet.url).open_async() as app:
            for lock in (order.lock, order.lock, "another"):
                await app.configure_task(RUN_TASK, queue=CRAWLS, lock=lock).defer_async(**order.told)

    asyncio.run(bring_in())
    fleet.keep("scheduler", schedules=True)
    for name in ("first", "second", "third"):
        fleet.keep(name)
    fleet.wait_until_done(3)
    assert fleet.articles() == undisturbed
    assert (fleet.portals[SITE].overlaps, fleet.portals[SITE].twice) == (0, 0)


@pytest.mark.soak
def test_a_job_is_cancelled_while_it_is_carried_out(fleet: World) -> None:
    crawl = fleet.begin(SITE)
    fleet.told("fleet", "cancel", "1")
    fleet.go_on(SITE)
    wait_for(lambda: not is_alive(crawl))
    wait_for(lambda: fleet.jobs() == [(SITE, "aborted")])
    assert attempts(fleet) == [(143, "cancelled")]


@pytest.mark.soak
def test_a_site_that_blocks_us_is_held_until_somebody_resumes_it(fleet: World) -> None:
    heard = fleet.folder / "heard"
    fleet.lines.insert(0, f"on_failure = 'echo \"$ARMCRAWL_EXIT_CODE $ARMCRAWL_SENTENCE\" >> {heard}'")
    fleet.write()
    fleet.portals[SITE].status = 403
    fleet.told("fleet", "run", SITE)
    fleet.keep("first")
    wait_for(lambda: fleet.jobs() == [(SITE, "failed")])
    assert attempts(fleet) == [(3, "held")]
    [said] = heard.read_text("utf-8").splitlines()  # once, by the fleet, which has held it
    assert said.startswith("3 ")
    assert f"fleet resume {SITE}" in said
    told = fleet.status()["sites"]
    assert [(one["site"], one["next_run_at"], one["held_why"].startswith("exit code 3")) for one in told] == [
        (SITE, None, True)
    ]
    refused = fleet.tell("fleet", "run", SITE)
    assert (refused.returncode, f"fleet resume {SITE}" in refused.stderr) == (2, True)
    fleet.told("fleet", "resume", SITE)
    fleet.told("fleet", "run", SITE)
