"""Every way to die: what is in the database is whole at any moment, and the next run completes the rest."""

from __future__ import annotations

import os
import signal
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.alive import family
from tests.cli.conftest import Undisturbed, starting
from tests.conftest import COMMAND_SECONDS
from tests.reader import SecondReader
from tests.rows import PLACES, rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

# `make soak` plays more rounds, with more kills.
ROUNDS = int(os.environ.get("ARMCRAWL_TEST_ROUNDS", "1"))
KILLS = 2 if ROUNDS == 1 else 4
CONCURRENCY = 2
# After how many more pages it is killed: four times as many as this are far from all.
MIN_KILL, MAX_KILL = 5, 40
# As many answers as may be on their way into the database: a batch, and what is under way.
MAX_LOST_PER_KILL = 200 + CONCURRENCY
# Longer than every timeout of the suspended crawl.
SECONDS_ASLEEP = 4.0

# No file may grow beyond a megabyte: what a full disk says, whoever runs the test.
# The tables take 440 KB: there is room for some dozens of pages, too few for the next run to be judged by them.
WITHOUT_ROOM = """
import resource
from armcrawl.cli import main
SIZE = 700_000
resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE, SIZE))
main()
"""
COMPARED = ("articles", "article_versions", "article_tags", "images", "pages")


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_crawls_that_are_killed_again_and_again_end_as_one_that_was_not(
    forks: Forking,
    armcrawl: Command,
    slow_portal: str,
    asked: list[str],
    database: str,
    undisturbed: Undisturbed,
    query: Query,
    tmp_path: Path,
    seed: int,
) -> None:
    random = Random(seed)  # noqa: S311 - a test repeats itself
    options = ("--base-url", slow_portal, "--database", database, "--delay", "0", "--concurrency", str(CONCURRENCY))
    with SecondReader(database) as reader:
        for _ in range(KILLS):
            crawl, before = starting(forks, *options, folder=tmp_path), len(asked)
            last_page = before + random.randint(MIN_KILL, MAX_KILL)
            wait_for(lambda: len(asked) > last_page)  # noqa: B023 - called at once
            assert crawl.poll() is None, "the crawl ended before it was killed"
            crawl.kill()
            crawl.communicate(COMMAND_SECONDS)
        last = starting(forks, *options, folder=tmp_path)
        _, err = last.communicate(timeout=COMMAND_SECONDS)
    assert last.returncode == 0, err
    assert rows_of(database) == undisturbed.rows
    assert len(asked) <= undisturbed.requests + KILLS * MAX_LOST_PER_KILL
    assert reader.looks > KILLS
    assert query("SELECT outcome FROM runs ORDER BY id") == [("died",)] * KILLS + [("done",)]
    assert armcrawl("db", "check", "--database", database).code == 0


def test_a_machine_that_was_suspended_goes_on(
    forks: Forking, slow_portal: str, asked: list[str], database: str, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    options = ("--base-url", slow_portal, "--database", database, "--delay", "0", "--concurrency", "4")
    crawl = starting(forks, *options, "--timeout", "3", folder=tmp_path)
    wait_for(lambda: len(asked) > 50)
    everyone = list(family(crawl.pid))
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(SECONDS_ASLEEP)
    for pid in everyone:
        os.kill(pid, signal.SIGCONT)
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 0, err
    assert "Traceback" not in err
    assert rows_of(database) == undisturbed.rows


@pytest.mark.parametrize(
    "options",
    [pytest.param((), id="archive"), pytest.param(("--no-archive",), id="database", marks=pytest.mark.soak)],
)
def test_a_disk_without_room_ends_the_run_in_one_sentence_and_loses_nothing(
    forks: Forking, slow_portal: str, undisturbed: Undisturbed, tmp_path: Path, options: tuple[str, ...]
) -> None:
    database = f"sqlite:///{tmp_path}/test.db"
    where = ("--base-url", slow_portal, "--database", database, "--delay", "0", "--concurrency", "4", *options)
    crawl = starting(forks, *where, folder=tmp_path, script=WITHOUT_ROOM)  # its workers inherit the limit
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 1, err
    assert "Traceback" not in err
    assert "cannot be" in err
    again = starting(forks, *where, folder=tmp_path)
    _, err = again.communicate(timeout=COMMAND_SECONDS)
    assert again.returncode == 0, err
    rows = rows_of(database, columns=(*PLACES, "payload_digest"))
    assert {name: rows[name] for name in COMPARED} == {name: undisturbed.rows[name] for name in COMPARED}
