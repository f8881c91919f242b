"""A page that is cut or damaged: an accident on the way, or what the site has? Asking twice tells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl.crawling.downloading.bodies import unpacked_body
from armcrawl.crawling.downloading.request_metadata import META_KEY, metadata_of
from armcrawl.reading.decoding import GZIP_MAGIC, MAX_BODY, UndecodableError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

OPENING = re.compile(rb"<html[\s>]", re.IGNORECASE)
CLOSING = re.compile(rb"</html\s*>", re.IGNORECASE)
# The document type and some comments stand before the opening tag, counters and comments after the closing one.
START, END = 1000, 10_000
# A site that does so on so many pages does so always, and need not be asked twice any more.
HABIT = 3
# Cut in another place each time: the next run may have more luck.
MAX_RESPONSES = 3


class TruncatedBodyError(IgnoreRequest):
    """A response was not taken, as a part of it is missing."""


class TruncatedHtmlMiddleware:
    """Asks again for a page that opens and does not close, or cannot be unpacked: the same bytes twice are the page.

    What its reader then cannot unpack goes to quarantine: to ask once more would bring the same.
    """

    def __init__(self) -> None:
        self.habits: Counter[str] = Counter()

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the page, or the request that asks again; raises TruncatedBodyError if each ends elsewhere."""
        if response.status != 200:
            return response
        try:
            body = unpacked_body(response, request.meta.get("download_maxsize", MAX_BODY))
            fault = "the page ends in its middle" if is_truncated(body) else None
        except UndecodableError as error:
            body, fault = without_time(response.body), str(error)
        if fault is None or self.habits[fault] >= HABIT:
            return response
        metadata = metadata_of(request)
        digest = blake2b(body).hexdigest()
        if digest in metadata.truncated:
            self.habits[fault] += 1
            return response
        if len(metadata.truncated) + 1 >= MAX_RESPONSES:
            raise TruncatedBodyError(fault)
        again = replace(metadata, truncated=(*metadata.truncated, digest))
        return request.replace(meta={**request.meta, META_KEY: again}, dont_filter=True)


def without_time(packed: bytes) -> bytes:
    """Return packed bytes without the time of their packing, which gzip's header tells (RFC 1952, 2.3)."""
    return packed[:4] + packed[8:] if packed.startswith(GZIP_MAGIC) else packed


def is_truncated(body: bytes) -> bool:
    """Tell whether the bytes of a page lack its end."""
    return OPENING.search(body, 0, START) is not None and CLOSING.search(body, max(0, len(body) - END)) is None
