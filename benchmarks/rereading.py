"""Reading an archive again: against trafilatura's extraction alone, on one core and on two, and writing it."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import trafilatura
from sqlalchemy import text

from armcrawl import clock
from armcrawl.archive.folder import Folder, files_of
from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured
from armcrawl.jobs.rereading import reread_all
from armcrawl.processes.pool import local_pool
from armcrawl.reading.response import shown
from armcrawl.store.articles.reread_pages import Wanted, write_rereadings
from armcrawl.store.base.database import open_database
from armcrawl.store.runs import run_record
from benchmarks.crawling import family, growth, memory_mb, server
from benchmarks.report import WALL, once, ratio, speed
from benchmarks.timing import Stopwatch, Taken, in_turns, timed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from benchmarks.report import Figure

PAGES, MANY_PAGES = 2_400, 12_000
ROUNDS = 5
CORES = 2
# trafilatura would take half a minute for all of them: every tenth page stands for ten.
STEP = 10
MAX_OF_TRAFILATURA = 1 / 4
MIN_SPEEDUP = 1.7
MIN_WRITTEN = 1_000
# So many articles are changed and written again in each round.
CHANGED = 400
CHANGE = text("UPDATE article_versions SET author = 'Некто' WHERE article_id BETWEEN :first AND :last")
MAX_GROWTH = 1.1


def rereading() -> list[Figure]:
    """Crawl once with an archive, then read it again in every way, in turns."""
    with crawled(PAGES) as (database, archive):
        bodies = _bodies(archive)[::STEP]
        engine = open_database(database)
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
            list(pool.map(extract, bodies[:CORES]))  # importing it takes a second
            taken = in_turns(
                ROUNDS,
                {
                    "two": lambda: _reread(engine, database, archive, CORES),
                    "one": lambda: _reread(engine, database, archive, 1),
                    "trafilatura": lambda: timed(lambda: list(pool.map(extract, bodies, chunksize=10))).each(
                        len(bodies)
                    ),
                },
            )
        written = [_write(engine, database, archive, number) for number in range(ROUNDS)]
        engine.dispose()
    two = taken["two"]
    # Two cores at once, and processes that go on: only the clock on the wall tells what is waited for.
    return [
        ratio("reparse against trafilatura on the same cores", two, taken["trafilatura"], MAX_OF_TRAFILATURA, by=WALL),
        ratio("reparse on two cores against one", taken["one"], two, MIN_SPEEDUP, by=WALL, at_least=True),
        speed("changed articles written a second", written, CHANGED, MIN_WRITTEN, by=WALL),
    ]


def rereading_much() -> list[Figure]:
    """Watch the memory of a reparse of many pages."""
    with crawled(MANY_PAGES) as (database, _):
        samples = _samples(database)
    return [once("memory of reparse, last quarter's peak against second's", growth(samples), MAX_GROWTH)]


@contextmanager
def crawled(number: int) -> Iterator[tuple[str, Path]]:
    """Yield a database and an archive of so many pages."""
    with TemporaryDirectory() as folder, server(number) as url:
        database = f"sqlite:///{folder}/pages.db"
        pace = ("--delay", "0", "--concurrency", "16", "--section", "news")
        command = ["backfill", "--all", "--base-url", url, "--database", database, *pace]
        subprocess.run([sys.executable, "-m", "armcrawl", *command], check=True, capture_output=True)
        yield database, Path(folder) / "pages-archive"


def _reread(engine: Engine, database: str, archive: Path, jobs: int) -> Taken:
    """Return what reading a page again takes, but for the start of processes, which takes as long for many pages."""
    chunks = reread_all(engine, database, Folder(archive), Wanted(), local_pool(jobs))
    # Each process has read its first chunk.
    for _ in range(jobs):
        next(chunks)
    watch = Stopwatch()
    number = sum(chunk.counts["read"] for chunk in chunks)
    return Taken(watch.taken().wall, 0).each(number)


def _extract_all(pool: ProcessPoolExecutor, bodies: Sequence[str]) -> Taken:
    """Return what trafilatura takes for a page on the same cores."""
    taken = timed(lambda: list(pool.map(extract, bodies, chunksize=10)))
    return Taken(taken.wall, 0).each(len(bodies))


def _samples(database: str) -> list[float]:
    """Return the memory of a dry run in MB, every half second."""
    samples = list[float]()
    with subprocess.Popen(
        [sys.executable, "-m", "armcrawl", "reparse", "--database", database, "--jobs", str(CORES)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            samples.append(sum(map(memory_mb, family(process.pid))))
            time.sleep(0.5)
        assert process.stdout is not None
        print("  ", process.stdout.readline().strip())
    return samples


def _bodies(archive: Path) -> Sequence[str]:
    return [
        shown(captured.response(captured.url)).body.decode("utf-8", "replace")
        for path in files_of(archive)
        for captured in captures_in(path)
        if isinstance(captured, Captured) and "/news/" in captured.url
    ]


def extract(page: str) -> None:
    trafilatura.bare_extraction(page, with_metadata=True)


def _write(engine: Engine, database: str, archive: Path, number: int) -> Taken:
    """Return what it takes to write articles again whose author is changed beforehand, other ones each time."""
    with engine.begin() as connection:
        connection.execute(CHANGE, {"first": number * CHANGED + 1, "last": (number + 1) * CHANGED})
    chunks = list(reread_all(engine, database, Folder(archive), Wanted(), local_pool(CORES)))
    found = [(one.target, one.page) for one in chain.from_iterable(chunk.rereads for chunk in chunks)]
    if len(found) != CHANGED:
        raise RuntimeError(f"{len(found)} articles came out otherwise, not {CHANGED}")
    run_id = run_record.begin_run(engine, "all", "reparse", {})
    return timed(lambda: write_rereadings(engine, found, run_id, clock.now()))
