"""`fleet status`: what a person, a program and Prometheus are told."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from armcrawl.fleet.presence import enlist, everybody
from tests.fleet.conftest import SITE
from tests.fleet.machines import asked
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.fleet.world import World

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


@pytest.mark.e2e
def test_each_attempt_is_told_with_its_times_its_machine_how_it_ended_and_its_last_words(
    fleet: World, tmp_path: Path
) -> None:
    fleet.told("fleet", "run", SITE)
    gone = fleet.start("first")
    wait_for(lambda: fleet.jobs() == [(SITE, "succeeded")])
    os.kill(gone.pid, signal.SIGKILL)
    fleet.ask("UPDATE fleet_workers SET machine = 'fern' RETURNING 1")
    wait_for(lambda: fleet.status()["gone"] == ["fern"])

    told = fleet.status(SITE)
    (attempt,) = told["attempts"]
    assert (attempt["exit_code"], attempt["fate"], attempt["worker"]) == (0, "done", "first")
    assert attempt["machine"] == os.uname().nodename
    assert MOMENT.match(attempt["started_at"])
    assert attempt["started_at"] < attempt["ended_at"]
    assert attempt["sentence"] == attempt["log"].splitlines()[-1]
    assert "Articles: new 12" in attempt["log"]
    (site,) = told["sites"]
    assert (site["exit_code"], site["fate"], site["complete"]) == (0, "done", 1.0)

    shown = fleet.told("fleet", "status", SITE, "--metrics", str(tmp_path / "fleet.prom"))
    assert "fern is gone" in shown
    assert "Nobody brings in nights" in shown
    assert f"crawl {SITE}" in shown
    assert attempt["sentence"] in shown
    assert "Articles: new 12" in shown
    numbers = dict(
        line.rsplit(" ", 1)
        for line in (tmp_path / "fleet.prom").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    assert {name: float(value) for name, value in numbers.items() if "timestamp" not in name} == {
        f'armcrawl_fleet_site_exit_code{{site="{SITE}"}}': 0.0,
        f'armcrawl_fleet_site_given_up{{site="{SITE}"}}': 0.0,
        f'armcrawl_fleet_site_held{{site="{SITE}"}}': 0.0,
        f'armcrawl_fleet_site_complete_ratio{{site="{SITE}"}}': 1.0,
        'armcrawl_fleet_jobs{status="todo"}': 0.0,
        'armcrawl_fleet_jobs{status="doing"}': 0.0,
        'armcrawl_fleet_workers{machine="fern",state="gone"}': 1.0,
    }


def registered(url: str) -> int:
    """Have Procrastinate count on one worker more, and return its number."""
    ((number,),) = asked(url, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    return int(number)


def test_two_workers_of_a_machine_to_whom_nobody_gave_names_are_two(engine: Engine, postgresql_database: str) -> None:
    for _ in range(2):
        enlist(engine, registered(postgresql_database), "worker", "crawls")
    assert [one.is_gone for one in everybody(engine, 30)] == [False, False]


def test_who_was_started_again_is_told_once(engine: Engine, postgresql_database: str) -> None:
    first = registered(postgresql_database)
    enlist(engine, first, "worker", "crawls")
    silent = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes' RETURNING 1"
    asked(postgresql_database, silent)
    assert [one.is_gone for one in everybody(engine, 30)] == [True]
    enlist(engine, registered(postgresql_database), "worker", "crawls")
    assert [one.is_gone for one in everybody(engine, 30)] == [False]
