"""What a fleet does when its archive is away, and with what dead workers left open."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.alive import is_alive, parent_of
from tests.fleet.conftest import SITE, check
from tests.fleet.world import world
from tests.s3_server import BUCKET, s3_server
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fleet.world import World
    from tests.s3_server import S3

PREFIX = "raw"
FILES = "SELECT DISTINCT archive_file FROM captures WHERE archive_file IS NOT NULL"
Rows = list[tuple[Any, ...]]


@pytest.fixture
def s3() -> Iterator[S3]:
    with s3_server() as server:
        yield server


@pytest.fixture
def in_s3(tmp_path: Path, own_database: str, s3: S3) -> Iterator[World]:
    """A fleet whose archive is in S3."""
    with world(tmp_path, own_database) as made:
        made.variables = s3.environment | {"ARMCRAWL_ARCHIVE": f"s3://{BUCKET}/{PREFIX}"}
        made.add_site(SITE)
        made.told("fleet", "init")
        yield made


def here(fleet: World) -> list[str]:
    """Return the files that wait on this machine for their way to S3."""
    return [path.name for path in fleet.folder.rglob("*-not-yet-in-s3/**/*.warc.gz*")]


def is_whole(fleet: World, s3: S3) -> bool:
    """Tell whether all files that the database names are in S3."""
    return {f"{PREFIX}/{name}" for (name,) in fleet.ask(FILES)} <= set(s3.objects())


def kill_machine(crawl: int) -> None:
    """Kill a worker with its crawl."""
    os.kill(parent_of(crawl), signal.SIGKILL)
    wait_for(lambda: not is_alive(crawl))


def left_alone(fleet: World) -> Path:
    """Have the only worker die in the midst of a crawl; return the folder of what it left."""
    fleet.told("fleet", "run", SITE)
    fleet.start("first")
    fleet.wait_for_requests(SITE)
    fleet.hold(SITE)
    kill_machine(fleet.process_of(SITE))
    fleet.go_on(SITE)
    return fleet.folder


@pytest.mark.soak
def test_s3_is_away_for_a_while(in_s3: World, s3: S3, undisturbed: Rows) -> None:
    in_s3.begin(SITE)
    s3.is_away = True
    in_s3.go_on(SITE)
    ended = "SELECT exit_code, fate FROM fleet_attempts WHERE ended_at IS NOT NULL ORDER BY id"
    wait_for(lambda: in_s3.ask(ended))
    assert in_s3.ask(ended) == [(1, "again")]  # all is stored, and a file waits on this machine
    assert in_s3.articles() == undisturbed
    assert here(in_s3)
    s3.is_away = False
    check(in_s3, undisturbed)
    assert (here(in_s3), is_whole(in_s3, s3)) == ([], True)


@pytest.mark.soak
def test_no_crawl_begins_while_s3_is_away_and_then_it_does_by_itself(in_s3: World, s3: S3, undisturbed: Rows) -> None:
    in_s3.keep("first")
    wait_for(lambda: in_s3.ask("SELECT 1 FROM fleet_workers"))
    s3.is_away = True
    in_s3.told("fleet", "run", SITE)
    wait_for(lambda: in_s3.ask("SELECT 1 FROM procrastinate_jobs WHERE attempts > 0"))
    assert in_s3.portals[SITE].asked == []
    s3.is_away = False
    check(in_s3, undisturbed)
    assert in_s3.ask("SELECT exit_code FROM fleet_attempts") == [(0,)]


@pytest.mark.soak
def test_the_next_run_puts_what_a_dead_worker_left_on_its_disk(in_s3: World, s3: S3, undisturbed: Rows) -> None:
    kill_machine(in_s3.begin(SITE))
    assert [name.endswith(".open") for name in here(in_s3)] == [True]
    in_s3.go_on(SITE)
    check(in_s3, undisturbed, kills=1)
    assert (here(in_s3), is_whole(in_s3, s3)) == ([], True)


@pytest.mark.soak
def test_what_a_dead_worker_left_on_its_disk_is_put_by_hand(in_s3: World, s3: S3) -> None:
    left_alone(in_s3)
    assert not is_whole(in_s3, s3)
    assert "1 file put" in in_s3.told("archive", "adopt")
    assert (here(in_s3), is_whole(in_s3, s3)) == ([], True)


@pytest.mark.soak
def test_the_next_run_closes_what_a_dead_worker_left_open_in_a_shared_folder(fleet: World, undisturbed: Rows) -> None:
    kill_machine(fleet.begin(SITE))
    [left] = (fleet.folder / "shared").glob("*.warc.gz.open")
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=1)
    assert [path.suffix for path in (fleet.folder / "shared").glob("*.warc.gz*")] == [".gz"] * 2
    assert left.with_suffix("").exists()
    assert "unreadable" not in fleet.told("reparse", "--json")


@pytest.mark.soak
def test_what_a_dead_worker_left_open_in_a_shared_folder_is_closed_by_hand(fleet: World) -> None:
    [left] = (left_alone(fleet) / "shared").glob("*.warc.gz.open")
    assert "1 file put" in fleet.told("archive", "adopt")
    assert (left.exists(), left.with_suffix("").exists()) == (False, True)
