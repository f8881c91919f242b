"""One crawl in a process of its own: `python -m benchmarks.child ours|unarchived|bare URL NUMBER DATABASE`.

Prints one line of JSON: pages, seconds by the clock from the first article on and of processors in all, the reactor's
longest block in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from armcrawl.cli.running import run_spider
from armcrawl.crawling.children import start_children
from armcrawl.crawling.configuration import settings_for
from benchmarks.timing import Stopwatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response

CONCURRENCY = 16
PACE = settings_for({"delay": 0, "concurrency": CONCURRENCY})
# Ten times finer than the longest block that is allowed.
TICK_SECONDS = 0.005
SCHEDULING = Path("/proc/thread-self/schedstat")


class Pace:
    """Measures how long a crawl takes from the first article that it has; how it starts is measured in `starting`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.first: float | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pace = cls(crawler)
        crawler.signals.connect(pace.received, signal=signals.response_received)
        crawler.signals.connect(pace.closed, signal=signals.spider_closed)
        return pace

    def received(self, response: Response) -> None:
        if self.first is None and response.url.rpartition("/news/")[2].isdigit():
            self.first = time.perf_counter()

    def closed(self) -> None:
        if self.first is not None:
            self.crawler.stats.set_value("benchmark/seconds", time.perf_counter() - self.first)


class ReactorProbe:
    """Measures the longest time in which the event loop did nothing else: all of it, and without waiting for a core.

    The latter is what the loop's own thread worked, or waited for a disk or a lock, whatever else the machine did.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.longest = self.longest_of_own = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        probe = cls(crawler)
        crawler.signals.connect(probe.opened, signal=signals.spider_opened)
        crawler.signals.connect(probe.closed, signal=signals.spider_closed)
        return probe

    def opened(self) -> None:
        self.task = asyncio.get_running_loop().create_task(self.tick())

    async def tick(self) -> None:
        while True:
            before, waited = time.perf_counter(), seconds_without_core()
            await asyncio.sleep(TICK_SECONDS)
            block = time.perf_counter() - before - TICK_SECONDS
            self.longest = max(self.longest, block)
            self.longest_of_own = max(self.longest_of_own, block - (seconds_without_core() - waited))

    def closed(self) -> None:
        self.task.cancel()
        self.crawler.stats.set_value("benchmark/longest_block_ms", round(self.longest * 1000, 1))
        self.crawler.stats.set_value("benchmark/longest_own_block_ms", round(self.longest_of_own * 1000, 1))


def seconds_without_core() -> float:
    """Return how long this thread was ready to work but had no core, in all; 0 on a system that does not tell.

    The second number of https://docs.kernel.org/scheduler/sched-stats.html, in nanoseconds.
    """
    try:
        return int(SCHEDULING.read_text(encoding="ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


class BareSpider(Spider):
    """Fetches the pages and does nothing with them: the fastest that Scrapy can be."""

    name = "bare"
    url = ""
    number = 0

    async def start(self) -> AsyncIterator[Request]:
        for number in range(self.number, 0, -1):
            if self.crawler.engine is not None and self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            yield Request(f"{self.url}/news/{number}", dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Do nothing."""


def bare(url: str, number: int) -> Crawler:
    settings = {
        **PACE,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "EXTENSIONS": {"benchmarks.child.Pace": 0},
    }
    process = AsyncCrawlerProcess({**settings, "REMOTE_CONTROL_ENABLED": False, "COOKIES_ENABLED": False})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, url=url, number=number)
    process.start()
    return crawler


def ours(url: str, database: str, archive: str, *, is_archived: bool) -> Crawler:
    settings = {
        "ARMCRAWL_NO_ARCHIVE": not is_archived,
        "ARMCRAWL_ARCHIVE": archive,
        "ARMCRAWL_BASE_URL": url,
        "ARMCRAWL_DATABASE": database,
        "ARMCRAWL_MAX_REQUESTS": 0,
        "ARMCRAWL_MAX_TIME": 0,
        "EXTENSIONS": {
            "armcrawl.crawling.run_extension.RunExtension": 0,
            "benchmarks.child.ReactorProbe": 1,
            "benchmarks.child.Pace": 2,
        },
        **PACE,
    }
    start_children(is_archived=is_archived)
    return run_spider("armtorg", settings)


def main() -> None:
    kind, url, number, database = sys.argv[1:]
    watch = Stopwatch()
    with TemporaryDirectory() as archive:
        is_archived = kind == "ours"
        crawler = bare(url, int(number)) if kind == "bare" else ours(url, database, archive, is_archived=is_archived)
    stats = crawler.stats.get_stats()
    result = {
        "pages": stats["downloader/response_status_count/200"],
        "wall": stats["benchmark/seconds"],
        "processor": watch.taken().processor,
        "longest_block_ms": stats.get("benchmark/longest_block_ms"),
        "longest_own_block_ms": stats.get("benchmark/longest_own_block_ms"),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
