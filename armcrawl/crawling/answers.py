"""An answer as Scrapy hands it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl import clock
from armcrawl.reading.answer import Answer, header_text
from armcrawl.runs.asking import KEY, Asked

if TYPE_CHECKING:
    from scrapy.http import Response

    from armcrawl.sites import Origin


class RefusedError(IgnoreRequest):
    """An answer that a page cannot be read from; the message says why."""


def answer_of(response: Response, origin: Origin) -> Answer:
    """Return an answer with the site's own address, wherever it was really fetched from."""
    asked: Asked = response.meta[KEY]
    return Answer(
        address=origin.to_site(response.url),
        status=response.status,
        fetched_at=asked.fetched_at or clock.now(),
        body=response.body,
        content_type=_header(response, "Content-Type"),
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        location=_header(response, "Location"),
        record=asked.record,
        requested=asked.address,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return header_text(value.decode("latin-1")) if value else None
