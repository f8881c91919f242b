"""Every response goes into the archive before anything reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from armcrawl import clock
from armcrawl.archive.records import Exchange
from armcrawl.crawling.budget import NotSentError
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.run_extension import RunExtension
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

# These say nothing of a page: nobody will want to read them again.
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# What opens a proxy or a server is nobody's who reads the archive.
SECRET_HEADERS = frozenset({b"Authorization", b"Cookie", b"Proxy-Authorization"})


class ArchiveMiddleware:
    """Takes note of when a response came, and archives it; stands nearest to the network."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Archive where the crawler's run does."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Write the response into the archive; the run ends if that fails."""
        now = clock.now()
        metadata = metadata_of(request)
        metadata.fetched_at, metadata.record = now, None
        run = self.crawler.get_extension(RunExtension)
        if run is None or run.archive is None or not _is_answer(response) or not metadata.archived:
            return response
        exchange = Exchange(
            url=response.url,
            fetched_at=now,
            request_headers=_headers(request.headers, SECRET_HEADERS),
            status=response.status,
            protocol=response.protocol or "HTTP/1.1",
            headers=_headers(response.headers),
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


def _is_answer(response: Response) -> bool:
    return response.status < SERVER_ERROR and response.status != TOO_MANY_REQUESTS


def _headers(headers: Headers, left_out: frozenset[bytes] = frozenset()) -> tuple[tuple[str, str], ...]:
    """Return headers in their order, as often as they were sent."""
    pairs = ((name, value) for name, values in headers.items() if name not in left_out for value in values)
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)
