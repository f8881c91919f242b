"""Fetching: counted, from public addresses only, and given up when the run ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from armcrawl.crawling.context import context_of
from armcrawl.crawling.downloading.hosts import check_public
from armcrawl.crawling.shutdown import Shutdown
from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector


# What a person can read; the clock is finer than the network.
DIGITS = 3


class Traffic:
    """Counts at the network itself, so that robots.txt, redirects and retries are in it."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.last: float | None = None
        self.total = 0.0

    def sent(self) -> None:
        """Note that a request is sent now."""
        now = time.monotonic()
        self.stats.inc_value(stat("requests/sent"))
        if self.last is not None:
            self.total += now - self.last
            seconds = round(now - self.last, DIGITS)
            self.stats.set_value(stat("delays/total"), round(self.total, DIGITS))
            self.stats.max_value(stat("delays/longest"), seconds)
            self.stats.min_value(stat("delays/shortest"), seconds)
        self.last = now

    def answered(self, response: Response) -> None:
        """Note a response, whose body is as it came in."""
        self.stats.inc_value(stat(f"requests/status/{response.status}"))
        self.stats.inc_value(stat("bytes/received"), len(response.body))

    def unanswered(self) -> None:
        """Note that a request got no response."""
        self.stats.inc_value(stat("requests/unanswered"))


class DownloadHandler(HTTP11DownloadHandler):
    """Gives up requests at the end of the run: Scrapy waits for a silent server until its timeout."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        context = context_of(crawler)
        self.shutdown = context.shutdown if context is not None else Shutdown()
        self.server = context.server if context is not None else None
        self.traffic = Traffic(crawler.stats)

    async def download_request(self, request: Request) -> Response:
        """Fetch; raises NotSentError if the run ends before the response is complete."""
        return await self.shutdown.guard(self._download(request))

    async def _download(self, request: Request) -> Response:
        await check_public(request, self.server)
        self.traffic.sent()
        try:
            response = await super().download_request(request)
        except BaseException:
            self.traffic.unanswered()
            raise
        self.traffic.answered(response)
        return response
