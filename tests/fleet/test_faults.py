"""Whatever dies in a fleet: no page is lost, no server has two crawls at a time, and the work goes on by itself."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fleet.conftest import SITE
from tests.waiting import wait_for

if TYPE_CHECKING:
    from tests.fleet.world import World
    from tests.postgresql import OwnServer

pytestmark = pytest.mark.soak


def worker_of(crawl: int) -> int:
    """Return the process that has started another."""
    return int(Path(f"/proc/{crawl}/stat").read_text("utf-8").rpartition(")")[2].split()[1])


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def begun(fleet: World) -> int:
    """Have two workers and a scheduler kept alive, and return the process of the crawl that one of them has begun."""
    fleet.told("fleet", "run", SITE)
    fleet.keep("first")
    fleet.keep("second")
    fleet.keep("scheduler", schedules=True)
    return fleet.crawl_process(SITE)


def check(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    """Wait for the end, and see that nobody would notice that anything had happened."""
    fleet.wait_until_done()
    assert fleet.articles() == undisturbed
    assert fleet.portals[SITE].overlaps == 0


def attempts(fleet: World) -> list[tuple[Any, ...]]:
    return fleet.ask("SELECT exit_code, fate FROM fleet_attempts WHERE ended_at IS NOT NULL ORDER BY id")


def test_a_worker_dies_with_its_crawl(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    crawl = begun(fleet)
    os.kill(worker_of(crawl), signal.SIGKILL)
    wait_for(lambda: not is_alive(crawl))  # though nobody has killed it
    check(fleet, undisturbed)
    assert attempts(fleet)[0] == (None, "again")


def test_a_crawl_is_killed(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    os.kill(begun(fleet), signal.SIGKILL)
    check(fleet, undisturbed)
    assert attempts(fleet)[0] == (-9, "again")


def test_a_worker_dies_while_a_crawl_of_its_server_lives(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    survivor = fleet.spawn("crawl", SITE)
    fleet.wait_for_requests(SITE)
    os.kill(survivor.pid, signal.SIGSTOP)
    fleet.told("fleet", "run", SITE)
    worker = fleet.start("first")
    wait_for(lambda: attempts(fleet))
    os.kill(worker.pid, signal.SIGKILL)
    fleet.keep("second")
    fleet.keep("scheduler", schedules=True)
    wait_for(lambda: len(attempts(fleet)) > 1)
    assert attempts(fleet)[:2] == [(4, "again"), (4, "again")]
    os.kill(survivor.pid, signal.SIGCONT)
    check(fleet, undisturbed)


def test_a_worker_sleeps_and_wakes(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    worker = worker_of(begun(fleet))
    os.kill(worker, signal.SIGSTOP)
    wait_for(lambda: fleet.ask("SELECT 1 FROM fleet_attempts WHERE fate = 'again'"))  # it is taken for dead
    os.kill(worker, signal.SIGCONT)
    wait_for(lambda: not is_alive(worker))  # so that it begins anew, and does not finish what others have
    check(fleet, undisturbed)


def test_postgresql_is_restarted(fleet: World, own_server: OwnServer, undisturbed: list[tuple[Any, ...]]) -> None:
    begun(fleet)
    own_server.stop()
    own_server.start()
    check(fleet, undisturbed)


def test_a_worker_is_told_to_end(fleet: World, undisturbed: list[tuple[Any, ...]]) -> None:
    os.kill(worker_of(begun(fleet)), signal.SIGTERM)
    check(fleet, undisturbed)
    assert attempts(fleet)[0] == (143, "again")


def test_a_job_is_cancelled_while_it_is_carried_out(fleet: World) -> None:
    crawl = begun(fleet)
    os.kill(crawl, signal.SIGSTOP)  # so that it does not end before anybody has cancelled it
    fleet.told("fleet", "cancel", "1")
    os.kill(crawl, signal.SIGCONT)
    wait_for(lambda: not is_alive(crawl))
    wait_for(lambda: fleet.jobs() == [(SITE, "aborted")])
    assert attempts(fleet) == [(143, "cancelled")]


def test_a_site_that_blocks_us_is_held_until_somebody_resumes_it(fleet: World) -> None:
    fleet.portals[SITE].status = 403
    fleet.told("fleet", "run", SITE)
    fleet.keep("first")
    wait_for(lambda: fleet.jobs() == [(SITE, "failed")])
    assert attempts(fleet) == [(3, "held")]
    told = fleet.status()["sites"]
    assert [(one["site"], one["next_run_at"], one["held_why"].startswith("exit code 3")) for one in told] == [
        (SITE, None, True)
    ]
    refused = fleet.tell("fleet", "run", SITE)
    assert (refused.returncode, f"fleet resume {SITE}" in refused.stderr) == (2, True)
    fleet.told("fleet", "resume", SITE)
    fleet.told("fleet", "run", SITE)
