"""The bodies of Scrapy's responses, which come as they were sent: Scrapy's own unpacking is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.decoding import MAX_BODY, unpack
from armcrawl.reading.response import header_text

if TYPE_CHECKING:
    from scrapy.http import Response


def unpacked_body(response: Response, limit: int = MAX_BODY) -> bytes:
    """Return the unpacked body of a response; raises UndecodableError."""
    return unpack(response.body, encoding_of(response), limit).body


def encoding_of(response: Response) -> str | None:
    """Return the content codings of a response, which may stand in several headers."""
    return header_text(b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1") or None)
