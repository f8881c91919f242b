"""The response of a web server as it stands in a record: its head, its body without chunks, and whether it is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from armcrawl.archive.frames import MAX_HEAD, MAX_LINES

STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?!\d)", re.IGNORECASE)
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
# RFC 9110, 15.2: what comes before the response itself.
INTERIM, MAX_INTERIM = range(100, 200), 5
# RFC 9112, 6.3: these have no body, whatever length their head tells.
WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class HttpBlock:
    """A response: `raw` is all behind its head, `body` that without its chunks; `cut` says what it lacks."""

    status: int
    headers: tuple[tuple[str, str], ...]
    raw: bytes = field(repr=False)
    body: bytes = field(repr=False)
    cut: str | None


def read_block(block: bytes) -> HttpBlock | None:
    """Return the response that stands in a record's block; None if it is none of a web server."""
    for _ in range(MAX_INTERIM):
        line = STATUS.match(block)
        if line is None:
            return None
        status = int(line[1])
        end = END_OF_HEAD.search(block, 0, MAX_HEAD)
        head, raw = (block[: end.start()], block[end.end() :]) if end else (block, b"")
        if status not in INTERIM:
            break
        block = raw
    else:
        return None
    lines = head.split(b"\n", MAX_LINES + 1)
    if len(lines) > MAX_LINES or len(head) >= MAX_HEAD:
        return None
    headers = _headers(lines[1:])
    coding = [value.strip().lower() for name, value in headers if name.lower() == "transfer-encoding"]
    is_chunked = bool(coding) and coding[-1].endswith("chunked")
    body, is_whole = without_chunks(raw) if is_chunked else (raw, True)
    if status in WITHOUT_BODY:
        cut = None
    elif end is None:
        cut = "its head has no end"
    elif not is_whole:
        cut = "its chunks have no end"
    else:
        cut = None if is_chunked else _lacks(headers, len(raw))
    return HttpBlock(status, headers, raw, body, cut)


def without_chunks(raw: bytes) -> tuple[bytes, bool]:
    """Return a body without the chunks that it was sent in (RFC 9112, 7.1), and whether their end is there.

    A body that does not begin with a chunk was put together by whoever wrote the archive.
    """
    joined, at = bytearray(), 0
    while (found := CHUNK.match(raw, at)) is not None:
        size = int(found[1], 16)
        if size == 0:
            return bytes(joined), True
        joined += raw[found.end() : found.end() + size]
        at = found.end() + size
        if not raw.startswith((b"\r\n", b"\n"), at):
            return bytes(joined), False
        at = raw.index(b"\n", at) + 1
    return (bytes(joined), False) if joined else (raw, True)


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    """Return names and values in their order; a line that begins with a blank goes on with the one before it."""
    headers = list[tuple[str, str]]()
    for line in lines:
        if line[:1] in {b" ", b"\t"} and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip().decode('latin-1')}")
            continue
        name_, colon, value_ = line.partition(b":")
        if colon:
            headers.append((name_.strip().decode("latin-1"), value_.strip().decode("latin-1")))
    return tuple(headers)


def _lacks(headers: tuple[tuple[str, str], ...], there: int) -> str | None:
    """Return how much is missing of the length that was told; None if nothing is."""
    told = [value for name, value in headers if name.lower() == "content-length"]
    wanted = max((int(value) for value in told if value.isascii() and value.isdigit() and len(value) < 16), default=0)
    return f"{there} of its {wanted} bytes are there" if there < wanted else None
