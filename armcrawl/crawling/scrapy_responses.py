"""A response as Scrapy hands it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl import clock
from armcrawl.crawling.downloading.bodies import encoding_of
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.reading.response import SiteResponse, header_text

if TYPE_CHECKING:
    from scrapy.http import Response

    from armcrawl.sites import Origin


class RefusedError(IgnoreRequest):
    """A response that a page cannot be read from; the message says why."""


def site_response_of(response: Response, origin: Origin) -> SiteResponse:
    """Return a response with the site's own address, wherever it was really fetched from."""
    metadata = metadata_of(response)
    return SiteResponse(
        address=origin.to_site(response.url),
        status=response.status,
        fetched_at=metadata.fetched_at or clock.now(),
        body=response.body,
        content_type=header_of(response, "Content-Type"),
        content_encoding=encoding_of(response),
        etag=header_of(response, "ETag"),
        last_modified=header_of(response, "Last-Modified"),
        location=header_of(response, "Location"),
        record=metadata.record,
        requested=metadata.address,
    )


def header_of(response: Response, name: str) -> str | None:
    """Return a header as a database takes it; None where it was not sent."""
    value = response.headers.get(name)
    return header_text(value.decode("latin-1")) if value else None
