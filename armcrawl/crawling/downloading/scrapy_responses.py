"""Responses as Scrapy hands them over: packed as they were sent, since its own unpacking is switched off."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl import clock
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.reading.decoding import MAX_BODY, unpack
from armcrawl.reading.response import SiteResponse, header_fields, header_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from scrapy import Request
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
        **header_fields(sent_headers(response)),
        record=metadata.record,
        requested=metadata.address,
    )


def sent_headers(message: Request | Response, left_out: Container[bytes] = ()) -> Iterator[tuple[str, str]]:
    """Yield headers by their names, as often as they were sent."""
    for name, values in message.headers.items():
        if name not in left_out:
            for value in values:
                yield name.decode("latin-1"), value.decode("latin-1")


def header_of(response: Response, name: str) -> str | None:
    """Return a header as a database takes it; None where it was not sent."""
    value = response.headers.get(name)
    return header_text(value.decode("latin-1")) if value else None


def unpacked_body(response: Response, limit: int = MAX_BODY) -> bytes:
    """Return the unpacked body of a response; raises UndecodableError."""
    return unpack(response.body, encoding_of(response), limit).body


def encoding_of(response: Response) -> str | None:
    """Return the content codings of a response, which may stand in several headers."""
    return header_fields(sent_headers(response))["content_encoding"]


def is_refusal(response: Response) -> bool:
    """Tell whether a response says nothing of its page: the server cannot answer now, or does not want to."""
    return response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS
