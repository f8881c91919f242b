"""A compressed body that is cut in the middle is no page: Scrapy would go on with what it could unpack."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

GZIP = 16 + zlib.MAX_WBITS


class CutBodyError(IgnoreRequest):
    """An answer was not taken, as a part of it is missing."""


class WholeBodyMiddleware:
    """Refuses gzip bodies without their end; other encodings are not asked for."""

    def process_request(self, request: Request) -> None:
        """Ask for the one encoding that is checked."""
        request.headers.setdefault("Accept-Encoding", "gzip")

    def process_response(self, request: Request, response: Response) -> Response:
        """Return a whole answer; raises CutBodyError for another."""
        if (response.headers.get("Content-Encoding") or b"").strip().lower() in {b"gzip", b"x-gzip"} and response.body:
            _check_end(response.body, request.url)
        return response


def _check_end(body: bytes, url: str) -> None:
    unpacking = zlib.decompressobj(GZIP)
    try:
        while not unpacking.eof and body:
            # A piece at a time, so that a small body cannot unpack to gigabytes.
            unpacking.decompress(body, 1 << 20)
            body = unpacking.unconsumed_tail
    except zlib.error as error:
        message = f"{url} answers with damaged gzip: {error}"
        raise CutBodyError(message) from error
    if not unpacking.eof:
        message = f"{url} answers with gzip that is cut in the middle"
        raise CutBodyError(message)
