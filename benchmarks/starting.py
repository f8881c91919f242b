"""What a crawl costs beside its pages: its start, and a night in which nothing is new."""

from __future__ import annotations

import subprocess
import sys
import time
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.crawling import telling_server
from benchmarks.report import PROCESSOR, WALL, Figure, amount
from benchmarks.timing import timed

if TYPE_CHECKING:
    from typing import IO

ROUNDS = 7
# What a night holds already: more would only make its first crawl longer.
PAGES = 200
# The pause before a crawl's second request: who calls it notices no more than that.
MAX_START = 2.0
MAX_IDLE_NIGHT = 2.0


def starting() -> list[Figure]:
    """Have the command crawl into new databases, and into one that holds everything."""
    with telling_server(PAGES) as (url, lines), TemporaryDirectory() as folder:
        started = [_start(url, f"{folder}/{number}.db", lines) for number in range(ROUNDS)]
        command = _command(url, f"{folder}/0.db")
        # Whoever ran out of requests has the rest to ask for, and whoever has all of it does not know so yet.
        for _ in range(2):
            _run(command)
        nights = [timed(lambda: _run(command)) for _ in range(ROUNDS)]
    return [
        Figure("start of a crawl, to its first article, s", started, MAX_START, judged_by=WALL),
        amount("a night without news, beside its pauses, s", nights, MAX_IDLE_NIGHT, by=PROCESSOR),
    ]


def _start(url: str, database: str, lines: IO[str]) -> float:
    """Return the seconds from the call of a crawl to its first request for an article."""
    # robots.txt, the home page, the listing, and the newest article.
    command = _command(url, database, "--max-requests", "4")
    begin = time.monotonic()
    _run(command)
    return float(lines.readline()) - begin


def _command(url: str, database: str, *options: str) -> list[str]:
    where = ("--section", "news", "--base-url", url, "--database", f"sqlite:///{database}")
    return [sys.executable, "-m", "armcrawl", "crawl", *where, "--delay", "0", "--concurrency", "16", *options]


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)
