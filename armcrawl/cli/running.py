"""Running a spider from a command, to its exit code."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from scrapy.crawler import Crawler

# Scrapy reports a robots.txt that cannot be fetched with a traceback; our own sentence says the same.
NOISY_LOGGERS = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.downloadermiddlewares.retry")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_spider(name: str, settings: Mapping[str, Any], *, verbose: bool = False, **arguments: Any) -> Crawler:
    """Run a spider to its end and return its crawler; Ctrl-C and SIGTERM end it cleanly.

    The number of the signal that ended it is in the stat `armcrawl/signal`.
    """
    all_settings = Settings()
    all_settings.setmodule("armcrawl.settings", priority="project")
    given = {key: value for key, value in settings.items() if value is not None}
    all_settings.setdict({"LOG_LEVEL": "INFO" if verbose else "WARNING", **given}, priority="cmdline")
    process = AsyncCrawlerProcess(all_settings)
    for logger in NOISY_LOGGERS:
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    crawler = process.create_crawler(name)
    crawler.signals.connect(_EndOnSignal(process, crawler).engine_started, signal=signals.engine_started, weak=False)
    task = process.crawl(crawler, **arguments)
    process.start(install_signal_handlers=False)
    if (error := task.exception()) is not None:
        raise error
    return crawler


class _EndOnSignal:
    """Ends a run cleanly at the first Ctrl-C or SIGTERM, as soon as there is one; a second signal kills it."""

    def __init__(self, process: AsyncCrawlerProcess, crawler: Crawler) -> None:
        self.process = process
        self.crawler = crawler

    def engine_started(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self.end)

    def end(self, number: int, frame: FrameType | None) -> None:
        """Stop the crawl, from the event loop."""
        from twisted.internet import reactor

        del frame
        for other in SIGNALS:
            signal.signal(other, signal.SIG_DFL)
        if self.crawler.stats is not None:
            self.crawler.stats.set_value("armcrawl/signal", number)
        reactor.callFromThread(lambda: asyncio.ensure_future(self.process.stop()))
