"""A page without its end: an accident on the way, or the site's habit? Asking twice tells."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl.reading.decoding import UndecodableError
from armcrawl.runs.asking import KEY, asked_by
from armcrawl.runs.bodies import unpacked_body

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

OPENING = re.compile(rb"<html[\s>]", re.IGNORECASE)
CLOSING = re.compile(rb"</html\s*>", re.IGNORECASE)
# The document type and some comments stand before the opening tag, counters and comments after the closing one.
START, END = 1000, 10_000
# A site that leaves the tag away on so many pages does so on purpose, and need not be asked twice any more.
HABIT = 3
# Cut in another place each time: the next run may have more luck.
MOST_ANSWERS = 3


class CutBodyError(IgnoreRequest):
    """An answer was not taken, as a part of it is missing."""


class UnclosedPageMiddleware:
    """Asks again for a page that opens and does not close: the same bytes twice are the page."""

    def __init__(self) -> None:
        self.habitual = 0

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the page, or the request that asks again; raises CutBodyError if every answer ends elsewhere."""
        if response.status != 200 or self.habitual >= HABIT:
            return response
        try:
            body = unpacked_body(response)
        except UndecodableError:
            # Its reader says why.
            return response
        if not is_unclosed(body):
            return response
        asked = asked_by(request)
        digest = blake2b(body).hexdigest()
        if digest in asked.unclosed:
            self.habitual += 1
            return response
        if len(asked.unclosed) + 1 >= MOST_ANSWERS:
            raise CutBodyError("the page ends in its middle")
        again = replace(asked, unclosed=(*asked.unclosed, digest))
        return request.replace(meta={**request.meta, KEY: again}, dont_filter=True)


def is_unclosed(body: bytes) -> bool:
    """Tell whether the bytes of a page lack its end."""
    return OPENING.search(body, 0, START) is not None and CLOSING.search(body, max(0, len(body) - END)) is None
