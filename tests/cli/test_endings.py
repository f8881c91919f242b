"""Runs that end before they are done: by a signal, by the death of a process, by the loss of the database."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from sqlalchemy import func, select, update

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.enumerations import PASSED
from armcrawl.store.base.schema import articles, runs
from armcrawl.store.runs.run_record import begin_run
from tests.cli.conftest import crawling, starting
from tests.conftest import COMMAND_SECONDS, TODAY
from tests.store.conftest import fill_disk, stored
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from armcrawl.sample.articles import Sample
    from tests.cli.conftest import Start
    from tests.forking import Finished, Forking

    Query = Callable[[str], list[tuple[object, ...]]]

# Longer than a test waits for a command's end.
FOR_EVER = str(2 * COMMAND_SECONDS)
# Begins as `python -m armcrawl` does, and interrupts itself while it imports a module.
INTERRUPTED = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests in the background has it ignored
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "{module}":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
runpy.run_module("armcrawl", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_cleanly_and_what_was_read_is_stored(
    start: Start, asked: list[str], query: Query, number: signal.Signals, code: int
) -> None:
    crawl = start()
    # Some of the answers still wait for their reader, many on a busy machine.
    wait_for(lambda: len(asked) > 60)
    crawl.send_signal(number)
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == code, err
    assert "Traceback" not in err
    assert query("SELECT outcome FROM runs") == [("interrupted",)]
    assert query("SELECT count(*) > 20 FROM articles") == [(1,)]


# Modules in the order in which a crawl imports them: the signal comes when it begins with one of them.
# Before the first of them Python's own handling ends the process, with the signal itself.
@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("click", -signal.SIGINT),
        ("armcrawl.cli.running", 130),
        ("scrapy.crawler", 130),
        ("armcrawl.crawling.run_extension", 130),
    ],
)
def test_a_signal_during_the_start_is_heard_too(
    slow_options: Sequence[str], asked: list[str], tmp_path: Path, module: str, code: int
) -> None:
    crawl = crawling(*slow_options, folder=tmp_path, program=INTERRUPTED.format(module=module))
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == code, err
    assert "Traceback" not in err or code < 0
    assert not asked


def test_after_a_killed_run_the_next_one_completes_the_archive(
    start: Start, asked: list[str], query: Query, half: Sample
) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 160)
    crawl.kill()
    crawl.communicate(COMMAND_SECONDS)
    before = query("SELECT count(*) FROM articles")[0][0]
    again = start()
    _, err = again.communicate(timeout=COMMAND_SECONDS)
    assert again.returncode == 0, err
    assert query("SELECT count(*) FROM articles") == [(len(half.articles),)]
    assert query("SELECT count(*) FROM article_versions") == [(len(half.articles),)]
    assert isinstance(before, int)
    assert 0 < before < len(half.articles)


def test_the_run_after_a_killed_one_says_that_it_died(start: Start, asked: list[str], query: Query) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 20)
    crawl.kill()
    crawl.communicate(COMMAND_SECONDS)
    again = start()
    wait_for(lambda: query("SELECT count(*) FROM runs") == [(2,)])
    assert query("SELECT outcome FROM runs ORDER BY id") == [("died",), (None,)]
    again.terminate()
    assert "The last run died before its end" in again.communicate(timeout=COMMAND_SECONDS)[1]


def test_a_version_that_cannot_be_shown_fails_the_run_and_keeps_none_from_reading(
    armcrawl: Callable[..., Finished], portal: str, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/test.db"
    engine = open_database(database)
    run = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [stored(1)], run, is_judged=True)
    with engine.begin() as connection:
        connection.execute(update(runs).values(verdict=PASSED))
    fill_disk(engine, "search_documents")
    done = armcrawl("crawl", "--base-url", portal, "--database", database, "--delay", "0", "--max-requests", "6")
    assert done.code == 1, done.err
    assert "armtorg/news/1: IntegrityError: disk is full; and 1 more." in done.err
    assert "Traceback" not in done.err
    with engine.connect() as connection:
        assert list(connection.execute(select(runs.c.outcome).order_by(runs.c.id)).scalars()) == ["died", "failed"]
        assert connection.execute(select(func.count()).select_from(articles)).scalar_one() > 1
    engine.dispose()


@pytest.mark.parametrize("delay", ["0", "3"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_does_not_wait_for_a_silent_server(
    forks: Forking, database: str, query: Query, tmp_path: Path, number: signal.Signals, code: int, delay: str
) -> None:
    asked: list[str] = []
    portal = Portal("bootstrap")

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        if len(asked) > 4:
            await asyncio.sleep(float(FOR_EVER))
        answer = portal.respond(request.raw_path, TODAY)
        return web.Response(status=answer.status, body=answer.body, headers={"Content-Type": answer.content_type})

    with serving_handler(handle) as url:
        options = (
            "--base-url",
            url,
            "--database",
            database,
            "--delay",
            delay,
            "--section",
            "news",
            "--timeout",
            FOR_EVER,
        )
        crawl = starting(forks, *options, folder=tmp_path)
        wait_for(lambda: len(asked) > 4)
        crawl.send_signal(number)
        _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == code, err
    assert "Traceback" not in err
    assert query("SELECT outcome FROM runs") == [("interrupted",)]
    assert query("SELECT count(*) FROM articles") != [(0,)]
    assert query("SELECT count(*) FROM pages WHERE outcome <> 'stored'") == [(0,)]


def test_a_database_that_is_deleted_in_mid_crawl_ends_the_run(start: Start, asked: list[str], tmp_path: Path) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 60)
    for path in tmp_path.glob("test.db*"):
        path.unlink()
    _, err = crawl.communicate(timeout=COMMAND_SECONDS)
    assert crawl.returncode == 1, err
    assert "was deleted or replaced" in err
    assert "Traceback" not in err


def test_a_second_crawl_leaves_at_once(
    start: Start, asked: list[str], armcrawl: Callable[..., Finished], slow_portal: str, database: str
) -> None:
    crawl = start()
    wait_for(lambda: len(asked) > 20)
    for command in (["crawl", "--base-url", slow_portal, "--delay", "0"], ["db", "create"]):
        second = armcrawl(*command, "--database", database)
        assert second.code == 4
        assert f"crawl of armtorg, process {crawl.pid} " in second.err
        assert "Traceback" not in second.err
    crawl.kill()
    crawl.communicate(COMMAND_SECONDS)
