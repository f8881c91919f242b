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

# So many that what starts with a process (dictionaries, and what the first odd date needs) is a small part. The pages
# come again after 1,680, but caches of lines hold those of some hundred.
PAGES, MANY_PAGES = 20_000, 12_000
ROUNDS = 5
CORES = 2
# Each process reads as many pages, whether there are two or one.
PAGES_OF_ONE = PAGES // CORES
# trafilatura would take half a minute for all of them: every tenth page stands for ten.
STEP = 10
MAX_OF_TRAFILATURA = 0.18
MIN_SPEEDUP = 1.8
MIN_WRITTEN = 1_000
# So many articles are changed and written again in each round.
CHANGED = 400
CHANGE = text(
    "UPDATE article_versions SET author = 'Некто' WHERE article_id IN (SELECT articles.id FROM articles "
    "JOIN pages ON pages.id = articles.page_id WHERE pages.number BETWEEN :first AND :last)"
)
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
                    "two": lambda: _reread(engine, database, archive, CORES, PAGES),
                    "one": lambda: _reread(engine, database, archive, 1, PAGES_OF_ONE),
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
    with crawled(PAGES) as (database, _):
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


def _reread(engine: Engine, database: str, archive: Path, jobs: int, number: int) -> Taken:
    """Return what reading one of so many pages again takes, but for the start of processes."""
    chunks = reread_all(engine, database, Folder(archive), Wanted(ids=((1, number),)), local_pool(jobs))
    # Each process has read its first chunk.
    for _ in range(jobs):
        next(chunks)
    watch = Stopwatch()
    read = sum(chunk.counts["read"] for chunk in chunks)
    return Taken(watch.taken().wall, 0).each(read)


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
    first, last = number * CHANGED + 1, (number + 1) * CHANGED
    with engine.begin() as connection:
        connection.execute(CHANGE, {"first": first, "last": last})
    chunks = list(reread_all(engine, database, Folder(archive), Wanted(ids=((first, last),)), local_pool(CORES)))
    found = [(one.target, one.page) for one in chain.from_iterable(chunk.rereads for chunk in chunks)]
    if len(found) != CHANGED:
        raise RuntimeError(f"{len(found)} articles came out otherwise, not {CHANGED}")
    run_id = run_record.begin_run(engine, "all", "reparse", {})
    return timed(lambda: write_rereadings(engine, found, run_id, clock.now()))
