"""`armcrawl inspect --jsonl`: many pages on a pipe, a reading for each."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from typing import TextIO

SUCCESS = 200


def inspect_lines(lines: TextIO, output: TextIO) -> None:
    """Read a JSON line a page, write a JSON line a reading.

    Raises UsageError, naming the line, for one that is no such object.
    """
    from armcrawl.cli.reading import result_from
    from armcrawl.reading.response import SiteResponse, header_text

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        page = _parse_line(line, number)
        answer = SiteResponse(
            address=page["url"],
            status=page.get("status") or SUCCESS,
            fetched_at=_moment(page.get("fetched_at"), number),
            body=_body(page, number),
            content_type=page.get("content_type"),
            content_encoding=header_text(page.get("content_encoding")),
        )
        result = result_from(answer, page.get("requested_url"))
        output.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
        output.flush()


def _parse_line(line: str, number: int) -> dict[str, Any]:
    try:
        page = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"Line {number} is not JSON: {error}.") from error
    if not isinstance(page, dict) or not isinstance(page.get("url"), str) or not _has_body(page):
        raise UsageError(f'Line {number} is not an object with the strings "url" and "html" (or "base64").')
    texts = ("fetched_at", "content_type", "content_encoding", "requested_url", "base64")
    optional: dict[str, type] = {**dict.fromkeys(texts, str), "status": int}
    for name, kind in optional.items():
        if page.get(name) is not None and not isinstance(page[name], kind):
            raise UsageError(f"Line {number}: {name} is not a {'number' if kind is int else 'string'}.")
    return page


def _has_body(page: dict[str, Any]) -> bool:
    return isinstance(page.get("html"), str) or isinstance(page.get("base64"), str)


def _body(page: dict[str, Any], number: int) -> bytes:
    """Return the page's bytes: as they were sent, where they are given so."""
    if page.get("base64") is None:
        return bytes(page["html"].encode("utf-8", "surrogatepass"))
    try:
        return b64decode(page["base64"], validate=True)
    except ValueError as error:
        raise UsageError(f"Line {number}: what stands under base64 is no base64 ({error}).") from error


def _moment(text: str | None, number: int) -> datetime:
    """Return the time of fetch: now without one, and UTC without an offset."""
    try:
        moment = datetime.fromisoformat(text) if text else clock.now()
    except (ValueError, TypeError) as error:
        raise UsageError(f"Line {number}: fetched_at is not an ISO 8601 time: {text!r}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
