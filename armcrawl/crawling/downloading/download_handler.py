"""Fetching: counted, from public addresses only, and given up when the run ends."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest

from armcrawl.crawling.context import context_of
from armcrawl.crawling.downloading.hosts import check_public
from armcrawl.crawling.run_extension import RunExtension
from armcrawl.crawling.shutdown import NotSentError, Shutdown
from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


# What a person can read; the clock is finer than the network.
DIGITS = 3


# A lock that is taken again is noticed within this time.
STEP_SECONDS = 0.1


# RFC 9110, 15: three digits; servers make up others than the five classes have.
STATUSES = range(100, 1000)


class NoHttpError(IgnoreRequest):
    """An answer was not taken, as no server of the web gives such a one."""


class DownloadHandler(HTTP11DownloadHandler):
    """Gives up requests at the end of the run: Scrapy waits for a silent server until its timeout.

    It counts at the network itself, so that robots.txt, redirects and retries are in it. While the run's lock may be
    another's nothing is sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        context = context_of(crawler)
        self.shutdown = context.shutdown if context is not None else Shutdown()
        self.server = context.server if context is not None else None
        self.stats = crawler.stats
        self.last_sent: float | None = None
        self.total_delay = 0.0

    async def download_request(self, request: Request) -> Response:
        """Fetch; raises NotSentError if the run ends before the response is complete."""
        return await self.shutdown.guard(self._download(request))

    async def _download(self, request: Request) -> Response:
        await check_public(request, self.server)
        await self._until_alone(request)
        self._count_sent()
        try:
            response = await super().download_request(request)
        except BaseException:
            self.stats.inc_value(stat("requests/unanswered"))
            raise
        if response.status not in STATUSES:
            self.stats.inc_value(stat("requests/unanswered"))
            raise NoHttpError(f"the answer is no HTTP: its status is {response.status}")
        self.stats.inc_value(stat(f"requests/status/{response.status}"))
        self.stats.inc_value(stat("bytes/received"), len(response.body))
        return response

    async def _until_alone(self, request: Request) -> None:
        """Wait while another run may have got the lock; raises NotSentError if one has."""
        run = self.crawler.get_extension(RunExtension)
        while run is not None and not run.lock.is_held:
            if run.failure is not None:
                raise NotSentError(f"{request.url} was not asked for: the run ended")
            await asyncio.sleep(STEP_SECONDS)

    def _count_sent(self) -> None:
        """Count a request that is sent now, and the time since the one before it."""
        now = time.monotonic()
        self.stats.inc_value(stat("requests/sent"))
        if self.last_sent is not None:
            self.total_delay += now - self.last_sent
            seconds = round(now - self.last_sent, DIGITS)
            self.stats.set_value(stat("delays/total"), round(self.total_delay, DIGITS))
            self.stats.max_value(stat("delays/longest"), seconds)
            self.stats.min_value(stat("delays/shortest"), seconds)
        self.last_sent = now
