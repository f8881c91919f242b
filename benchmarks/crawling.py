"""The crawl against a bare Scrapy spider, and its memory over many pages."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.databases import each_kind
from benchmarks.report import WALL, Figure, once, ratio
from benchmarks.timing import Taken, in_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

# What `benchmarks.child` prints.
Result: TypeAlias = "dict[str, float]"

PAGES = 1_200
ROUNDS = 5
MIN_RATE = 0.55
MIN_RATE_OF_POSTGRESQL = 0.9
MIN_RATE_WITH_ARCHIVE = 0.9
MAX_BLOCK_MS_LENGTH = 50
MEMORY_PAGES = 100_000
# Two minutes: two thousand faults, of which what they leave behind shows in each quarter.
FAULTY_PAGES = 20_000
MAX_MEMORY_MB = 250
# The peak of the last quarter against that of the second: more is growth.
MAX_GROWTH = 1.1


@contextmanager
def server(number: int, *mode: str) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", str(number), *mode], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def rate() -> list[Figure]:
    """Compare crawls of the same pages: into each kind of database, without an archive, and a bare spider's."""
    blocks: dict[str, list[Result]] = {"SQLite": [], "PostgreSQL": []}
    with server(PAGES) as url, each_kind() as kinds:

        def ours(kind: str) -> Taken:
            result = _crawl("ours", url, kinds[kind]())
            blocks[kind].append(result)
            return _taken(result)

        taken = in_turns(
            ROUNDS,
            {
                "SQLite": lambda: ours("SQLite"),
                "bare": lambda: _taken(_crawl("bare", url, "")),
                "unarchived": lambda: _taken(_crawl("unarchived", url, kinds["SQLite"]())),
                "PostgreSQL": lambda: ours("PostgreSQL"),
            },
        )
    for side, times in taken.items():
        print(f"  {side}: {PAGES / median(one.wall for one in times):.0f} pages/s")

    # A rate is turned round: the less time a side takes, the higher it is.
    def rate_of(name: str, side: str, other: str, least: float) -> Figure:
        return ratio(f"crawl rate {name}", taken[other], taken[side], least, by=WALL, at_least=True)

    return [
        rate_of("against a bare Scrapy spider", "SQLite", "bare", MIN_RATE),
        rate_of("into PostgreSQL against SQLite", "PostgreSQL", "SQLite", MIN_RATE_OF_POSTGRESQL),
        rate_of("with an archive against without", "SQLite", "unarchived", MIN_RATE_WITH_ARCHIVE),
        *(_blocks(kind, results) for kind, results in blocks.items()),
    ]


def _blocks(kind: str, results: list[Result]) -> Figure:
    """Return the row of the longest block of each crawl, without the time in which other programs had the cores."""
    return Figure(
        f"longest block of the reactor with {kind}, ms",
        [result["longest_own_block_ms"] for result in results],
        MAX_BLOCK_MS_LENGTH,
        judged_by="wall time with a core",
        beside=[result["longest_block_ms"] for result in results],
    )


def _crawl(kind: str, url: str, database: str) -> Result:
    """Return what a crawl in a process of its own tells of itself."""
    command = [sys.executable, "-m", "benchmarks.child", kind, url, str(PAGES), database]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: Result = json.loads(done.stdout.splitlines()[-1])
    if result["pages"] < PAGES:
        raise RuntimeError(f"only {result['pages']} of {PAGES} pages were fetched")
    return result


def _taken(result: Result) -> Taken:
    return Taken(result["wall"], result["processor"])


def memory() -> list[Figure]:
    """Watch a long backfill's memory, its child processes included."""
    megabytes, _ = watch_backfill(MEMORY_PAGES)
    return [
        once(f"memory of a backfill of {MEMORY_PAGES:,} pages, MB", max(megabytes), MAX_MEMORY_MB),
        once("its last quarter's peak against its second's", growth(megabytes), MAX_GROWTH),
    ]


def faults() -> list[Figure]:
    """Watch memory and open files of a long backfill from a server that fails every tenth time."""
    megabytes, files = watch_backfill(FAULTY_PAGES, "faulty")
    return [
        once("memory of a backfill with faults, last quarter's peak against second's", growth(megabytes), MAX_GROWTH),
        once("its open files, likewise", growth(files), MAX_GROWTH),
    ]


def watch_backfill(number: int, *mode: str) -> tuple[list[float], list[float]]:
    """Return a backfill's memory in MB, and its open files, every half second, of all its processes."""
    megabytes, files = list[float](), list[float]()
    with server(number, *mode) as url, TemporaryDirectory() as folder:
        pace = ("--delay", "0", "--concurrency", "16")
        where = ("--section", "news", "--base-url", url, "--database", f"sqlite:///{folder}/memory.db")
        backfill = subprocess.Popen(
            [sys.executable, "-m", "armcrawl", "backfill", "--all", *where, *pace],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        while backfill.poll() is None:
            processes = list(family(backfill.pid))
            megabytes.append(sum(map(memory_mb, processes)))
            files.append(sum(map(open_files, processes)))
            time.sleep(0.5)
        print("  ", backfill.communicate()[0].splitlines()[0])
    return megabytes, files


def growth(samples: list[float]) -> float:
    """Return the last quarter's peak in parts of the second quarter's."""
    quarter = len(samples) // 4
    return max(samples[3 * quarter :]) / max(samples[quarter : 2 * quarter])


def open_files(pid: int) -> int:
    """Return how many files and connections a process holds open."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def memory_mb(pid: int) -> float:
    """Return the memory that a process takes of the machine, in MB: a page that others share counts in parts.

    Each process would count the interpreter and its libraries again, some 15 MB:
    https://docs.kernel.org/filesystems/proc.html (Pss)
    """
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in told.splitlines() if line.startswith("Pss:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0
