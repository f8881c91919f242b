"""Reading an archive again: against trafilatura's extraction alone, on one core and on two, and writing it."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import trafilatura
from sqlalchemy import text

from armcrawl import clock
from armcrawl.archive.folder import files_of
from armcrawl.archive.reading import Captured
from armcrawl.archive.sources import captures_in
from armcrawl.runs.rereading import reread_all
from armcrawl.store import runs
from armcrawl.store.database import open_database
from armcrawl.store.rereading import Wanted, write_rereadings
from benchmarks.crawling import family, growth, resident_mb, server
from benchmarks.report import Figure

PAGES = 20_000
CORES = 2
# trafilatura would take minutes for all of them: every tenth page stands for ten.
STEP = 10
MOST_OF_TRAFILATURA = 1 / 4
LEAST_SPEEDUP = 1.7
LEAST_WRITTEN = 1_000
MOST_GROWTH = 1.1


def rereading() -> list[Figure]:
    """Crawl once with an archive, then read it again in every way."""
    with TemporaryDirectory() as folder, server(PAGES) as url:
        database, archive = f"sqlite:///{folder}/pages.db", Path(folder) / "pages-archive"
        pace = ("--delay", "0", "--concurrency", "16", "--section", "news")
        command("backfill", "--all", "--base-url", url, "--database", database, *pace)
        two, samples = timed_reparse(database, CORES)
        one, _ = timed_reparse(database, 1)
        theirs = trafilatura_seconds(archive)
        written = written_per_second(database, archive)
    print(f"  reparse of {PAGES:,} pages: {two:.1f} s on two cores, {one:.1f} s on one; trafilatura {theirs:.1f} s")
    return [
        Figure("reparse against trafilatura on the same cores", two / theirs, MOST_OF_TRAFILATURA),
        Figure("reparse on two cores against one", one / two, LEAST_SPEEDUP, at_least=True),
        Figure("changed articles written a second", written, LEAST_WRITTEN, at_least=True),
        Figure("memory of reparse, last quarter's peak against second's", growth(samples), MOST_GROWTH),
    ]


def command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "armcrawl", *arguments], check=True, capture_output=True)


def timed_reparse(database: str, jobs: int) -> tuple[float, list[float]]:
    """Return how long a dry run takes, and its memory in MB every half second."""
    samples = list[float]()
    before = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "armcrawl", "reparse", "--database", database, "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            samples.append(sum(map(resident_mb, family(process.pid))))
            time.sleep(0.5)
        assert process.stdout is not None
        print("  ", process.stdout.readline().strip())
    return time.perf_counter() - before, samples


def trafilatura_seconds(archive: Path) -> float:
    """Return how long trafilatura would take for all pages on the same cores."""
    bodies = [
        captured.body.decode("utf-8", "replace")
        for path in files_of(archive)
        for captured in captures_in(path)
        if isinstance(captured, Captured) and "/news/" in captured.url
    ][::STEP]
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        list(pool.map(extract, bodies[:CORES]))  # importing it takes a second
        before = time.perf_counter()
        list(pool.map(extract, bodies, chunksize=50))
        return (time.perf_counter() - before) * STEP


def extract(page: str) -> None:
    trafilatura.bare_extraction(page, with_metadata=True)


def written_per_second(database: str, archive: Path) -> float:
    """Return how many changed articles are written a second, of 2,000 whose author is changed beforehand."""
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE article_versions SET author = 'Некто' WHERE article_id <= 2000"))
    chunks = list(reread_all(engine, database, archive, Wanted(), CORES))
    run_id = runs.begin_run(engine, "all", "reparse", {})
    number = sum(len(chunk.rereads) for chunk in chunks)
    before = time.perf_counter()
    for chunk in chunks:
        write_rereadings(engine, [(one.target, one.page) for one in chunk.rereads], run_id, clock.now())
    seconds = time.perf_counter() - before
    engine.dispose()
    print(f"   {number} articles written again")
    return number / seconds
