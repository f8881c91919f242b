"""Every response goes into the archive before anything reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.archive.records import Exchange
from armcrawl.crawling.context import CrawlerPart
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.downloading.scrapy_responses import is_refusal, sent_headers
from armcrawl.crawling.run_extension import RunExtension
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

# What opens a proxy or a server is nobody's who reads the archive.
SECRET_HEADERS = frozenset({b"Authorization", b"Cookie", b"Proxy-Authorization"})


class ArchiveMiddleware(CrawlerPart):
    """Takes note of when a response came, and archives it; stands nearest to the network."""

    async def process_response(self, request: Request, response: Response) -> Response:
        """Write the response into the archive; the run ends if that fails."""
        now = clock.now()
        metadata = metadata_of(request)
        metadata.fetched_at, metadata.record = now, None
        run = self.crawler.get_extension(RunExtension)
        # Nobody will want to read a refusal again.
        if run is None or run.archive is None or is_refusal(response) or not metadata.archived:
            return response
        exchange = Exchange(
            url=response.url,
            fetched_at=now,
            request_headers=tuple(sent_headers(request, SECRET_HEADERS)),
            status=response.status,
            protocol=response.protocol or "HTTP/1.1",
            headers=tuple(sent_headers(response)),
            body=response.body,
            ip_address=str(response.ip_address) if response.ip_address else None,
            earlier=metadata.earlier,
            address=metadata.address,
        )
        try:
            metadata.record = await run.archive.write(exchange)
        except ArchiveError as error:
            run.fail(str(error))
            raise NotSentError("not kept, as the archive failed") from error
        return response
