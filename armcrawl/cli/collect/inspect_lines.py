"""`armcrawl inspect --jsonl`: many pages on a pipe, a reading for each."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, convert

from armcrawl import clock
from armcrawl.cli.reading import result_from
from armcrawl.errors import UsageError
from armcrawl.reading.response import SiteResponse, header_text

if TYPE_CHECKING:
    from typing import TextIO

SUCCESS = 200


class PageLine(Struct):
    """What a line says of a page: its text, or its bytes as they were sent."""

    url: str
    html: str | None = None
    base64: bytes | None = None
    status: int | None = None
    fetched_at: str | None = None
    content_type: str | None = None
    content_encoding: str | None = None
    requested_url: str | None = None

    @property
    def body(self) -> bytes:
        """The page's bytes: as they were sent, where they are given so."""
        return (self.html or "").encode("utf-8", "surrogatepass") if self.base64 is None else self.base64


def inspect_lines(lines: TextIO, output: TextIO) -> None:
    """Read a JSON line a page, write a JSON line a reading.

    Raises UsageError, naming the line, for one that is no such object.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        page = _parse_line(line, number)
        response = SiteResponse(
            address=page.url,
            status=page.status or SUCCESS,
            fetched_at=_moment(page.fetched_at, number),
            body=page.body,
            content_type=page.content_type,
            content_encoding=header_text(page.content_encoding),
        )
        result = result_from(response, page.requested_url)
        output.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
        output.flush()


def _parse_line(line: str, number: int) -> PageLine:
    try:
        page = convert(json.loads(line), PageLine)
    except ValidationError as error:
        raise UsageError(f'Line {number} is no page with "url" and "html" (or "base64"): {error}.') from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"Line {number} is not JSON: {error}.") from error
    if page.html is None and page.base64 is None:
        raise UsageError(f'Line {number} has neither "html" nor "base64".')
    return page


def _moment(text: str | None, number: int) -> datetime:
    """Return the time of fetch: now without one, and UTC without an offset."""
    try:
        moment = datetime.fromisoformat(text) if text else clock.now()
    except ValueError as error:
        raise UsageError(f"Line {number}: fetched_at is not an ISO 8601 time: {text!r}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
