"""A compressed body that is cut in the middle is no page: Scrapy would go on with what it could unpack."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

GZIP = 16 + zlib.MAX_WBITS
MEGABYTE = 1 << 20
PIECE = MEGABYTE


class CutBodyError(IgnoreRequest):
    """An answer was not taken, as a part of it is missing."""


class WholeBodyMiddleware:
    """Refuses gzip bodies without their end, or without end; other encodings are not asked for."""

    def __init__(self, largest: int) -> None:
        self.largest = largest

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Allow what any answer may be."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Ask for the one encoding that is checked."""
        request.headers["Accept-Encoding"] = "gzip"

    def process_response(self, request: Request, response: Response) -> Response:
        """Return a whole answer; raises CutBodyError for another."""
        del request
        encoding = (response.headers.get("Content-Encoding") or b"identity").decode("latin-1").strip().lower()
        if not response.body or encoding == "identity":
            return response
        if encoding not in {"gzip", "x-gzip"}:
            raise CutBodyError(f"the answer is encoded as {encoding}, which was not asked for")
        _check_end(response.body, self.largest)
        return response


def _check_end(body: bytes, largest: int) -> None:
    unpacking, size = zlib.decompressobj(GZIP), 0
    try:
        while not unpacking.eof and body:
            # A piece at a time, so that a small body cannot unpack to gigabytes.
            size += len(unpacking.decompress(body, PIECE))
            if size > largest:
                raise CutBodyError(f"the answer unpacks to more than {largest // MEGABYTE} MB")
            body = unpacking.unconsumed_tail
    except zlib.error as error:
        raise CutBodyError(f"the answer is damaged gzip: {error}") from error
    if not unpacking.eof:
        raise CutBodyError("the answer is gzip that is cut in the middle")
