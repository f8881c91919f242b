"""A signal ends a run cleanly, within seconds; a second one kills it."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Self

from scrapy import signals

from armcrawl.crawling.context import context_of
from armcrawl.crawling.run_extension import RunExtension
from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class SignalExtension:
    """Ends a run cleanly at the first Ctrl-C or SIGTERM, within seconds; a second one kills it.

    The number of the signal is in the stat `armcrawl/signal`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen as soon as there is something to end; until then a signal just ends the process."""
        extension = cls(crawler)
        crawler.signals.connect(extension.listen, signal=signals.engine_started)
        return extension

    def listen(self) -> None:
        """Take the signals over from Scrapy, which waits for what is under way."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            signal.signal(number, lambda number, _: loop.call_soon_threadsafe(self.end, number))

    def end(self, number: int) -> None:
        """Give up what is under way, and let Scrapy close the rest."""
        for other in SIGNALS:
            signal.signal(other, signal.SIG_DFL)
        self.crawler.stats.set_value(stat("signal"), number)
        context = context_of(self.crawler)
        if context is not None:
            context.shutdown.begin()
        run = self.crawler.get_extension(RunExtension)
        if run is not None:
            run.database.hurry()
            if run.is_closing:
                return  # it sees the signal itself; a second stop would not wait for it
        self._empty_queues()
        self.stopping = asyncio.create_task(self.crawler.stop_async())

    def _empty_queues(self) -> None:
        """Let what waits for the delay's end go to the handler, which refuses it."""
        if self.crawler.engine is None:
            return
        downloader = self.crawler.engine.downloader
        for slot in downloader.slots.values():
            slot.close()
            slot.delay = 0
            downloader._process_queue(slot)  # noqa: SLF001 - nothing else empties a queue
