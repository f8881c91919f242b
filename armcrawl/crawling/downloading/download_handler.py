"""Fetching: counted, from public addresses only, and given up when the run ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from armcrawl.crawling.context import context_of
from armcrawl.crawling.downloading.public_addresses import check_public
from armcrawl.crawling.downloading.traffic import Traffic
from armcrawl.crawling.shutdown import Shutdown

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


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
