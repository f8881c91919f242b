"""The end of a run that is told to end at once: what is under way is given up, not waited for."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from armcrawl.runs.budget import NotSentError
from armcrawl.runs.extension import RunExtension
from armcrawl.runs.public import check_public
from armcrawl.runs.traffic import Traffic
from armcrawl.stats import stat

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SAID = "not waited for, as the run ends"
T = TypeVar("T")


class Ending:
    """Knows what is under way, and gives all of it up when the end comes."""

    def __init__(self) -> None:
        self.has_come = False
        self.under_way: set[asyncio.Task[Any]] = set()

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what some work returns; raises NotSentError as soon as the end comes."""
        if self.has_come:
            work.close()
            raise NotSentError(SAID)
        task = asyncio.create_task(work)
        self.under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if not self.has_come:
                raise
            raise NotSentError(SAID) from None
        finally:
            self.under_way.discard(task)

    def come(self) -> None:
        """Give up what is under way."""
        self.has_come = True
        for task in list(self.under_way):
            task.cancel()


class EndingDownloadHandler(HTTP11DownloadHandler):
    """Gives up requests at the end of the run: Scrapy waits for a silent server until its timeout."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.ending: Ending = getattr(crawler.spider, "ending", None) or Ending()
        self.traffic = Traffic(crawler.stats)

    async def download_request(self, request: Request) -> Response:
        """Fetch; raises NotSentError if the run ends before the answer is complete."""
        return await self.ending.guard(self._download(request))

    async def _download(self, request: Request) -> Response:
        await check_public(request, getattr(self._crawler.spider, "server", None))
        self.traffic.sent()
        try:
            response = await super().download_request(request)
        except BaseException:
            self.traffic.unanswered()
            raise
        self.traffic.answered(response)
        return response


class EndingExtension:
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
        ending: Ending | None = getattr(self.crawler.spider, "ending", None)
        if ending is not None:
            ending.come()
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
