"""A fleet from the outside: it is set up, told, and crawls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fleet.conftest import SITE
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fleet.world import World
    from tests.forking import Finished

    Command = Callable[..., Finished]


def test_one_machine_on_sqlite_is_told_what_a_fleet_needs(armcrawl: Command, database: str) -> None:
    done = armcrawl("fleet", "init", "--database", database, "--archive", "shared")
    assert done.code == 2
    assert "armcrawl db copy postgresql://" in done.err
    assert "archive move" in done.err


@pytest.mark.e2e
def test_an_archive_beside_the_database_is_none_for_a_fleet(armcrawl: Command) -> None:
    done = armcrawl("fleet", "init", "--database", "postgresql://nobody@127.0.0.1:9/press")
    assert (done.code, "s3://BUCKET/PREFIX" in done.err) == (2, True)


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backfill", "--urls", "mine.txt"], "--urls names a file of one machine"),
        (["backfill", "--warc=mine.warc.gz"], "--warc names a file of one machine"),
        (["crawl", "--archive", "here"], "--archive is said once for all jobs"),
        (["serve"], "'serve' is no job"),
        (["crawl", "--max-requests", "many"], "--max-requests"),
        (["backfill", "--nonsense"], "No such option"),
        (["crawl", "valverus"], "unexpected extra argument (valverus)"),
    ],
)
def test_what_could_not_be_carried_out_on_any_machine_is_refused(
    armcrawl: Command, words: list[str], said: str
) -> None:
    done = armcrawl("fleet", "run", "armtorg", *words)
    assert (done.code, said in done.err) == (2, True)


@pytest.mark.e2e
def test_two_sites_of_one_server_are_crawled_one_after_another_and_each_once(
    fleet: World, undisturbed: list[tuple[Any, ...]]
) -> None:
    portal = fleet.add_site("klapan", of=SITE)
    for site in (SITE, SITE, SITE, "klapan"):
        fleet.told("fleet", "run", site)
    fleet.keep("first")
    fleet.keep("second")
    fleet.wait_until_done(2)
    assert portal.overlaps == 0
    assert [row for row in fleet.articles() if row[0].startswith(SITE)] == undisturbed
    told = fleet.status()
    assert [(one["site"], one["outcome"], one["complete"]) for one in told["sites"]] == [
        ("klapan", "done", 1.0),
        (SITE, "done", 1.0),
    ]
    assert [(one["exit_code"], one["fate"]) for one in told["attempts"]] == [(0, "done")] * 2
    assert (told["queue"], told["gone"], len(told["workers"])) == ([], [], 2)


@pytest.mark.e2e
def test_a_machine_with_another_archive_is_refused(fleet: World, tmp_path: Path) -> None:
    done = fleet.tell("fleet", "work", "--archive", str(tmp_path / "mine"))
    assert (done.returncode, "is not the archive of this fleet" in done.stderr) == (2, True)


@pytest.mark.soak
def test_two_schedulers_bring_in_a_night_once(fleet: World) -> None:
    fleet.add_site("klapan", schedule='\n[schedule]\nnightly = "03:00"\n')
    fleet.keep("first", schedules=True)
    fleet.keep("second", schedules=True)
    cared = "SELECT last_due_at FROM fleet_sites WHERE site = 'klapan'"
    wait_for(lambda: fleet.ask(cared))
    assert fleet.jobs() == []  # a new site begins with its next night
    [(due,)] = fleet.ask(cared)
    fleet.ask("UPDATE fleet_sites SET last_due_at = last_due_at - interval '1 day' RETURNING 1")
    wait_for(lambda: fleet.ask(cared) == [(due,)])
    assert fleet.jobs() == [("klapan", "todo")]
