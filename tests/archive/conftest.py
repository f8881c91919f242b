"""Responses to archive, and records as other programs write them."""

from __future__ import annotations

import gzip
from io import BytesIO
from typing import TYPE_CHECKING, Any

from armcrawl.archive.folder import Folder
from armcrawl.archive.reading import Captured, LeftOut, records_of
from armcrawl.archive.records import Exchange
from armcrawl.archive.storage import StoredFile
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

URL = "https://armtorg.ru/news/7?print=1"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
# Records that every archive has beside its responses.
USUAL = {"request", "warcinfo", "metadata", "filedesc"}


def exchange(**fields: Any) -> Exchange:
    """Return the request for a page and its answer."""
    usual: dict[str, Any] = {
        "url": URL,
        "fetched_at": FETCHED_AT,
        "request_headers": (("User-Agent", "armcrawl"), ("Host", "elsewhere")),
        "status": 200,
        "protocol": "HTTP/1.1",
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        "body": "<html><h1>Задвижки</h1></html>".encode(),
    }
    return Exchange(**usual | fields)


def stored(path: Path) -> StoredFile:
    """Return a file as one of an archive."""
    return StoredFile(Folder(path.parent), path.name, path.stat().st_size)


def foreign(number: int, block: bytes | None = None, length: int | None = None, **headers: Any) -> bytes:
    """Return a record as other programs write it, without digests; names of headers have `_` where they have `-`."""
    block = OK + f"<p>{number}".encode() if block is None else block
    named = {
        "WARC-Type": "response",
        "WARC-Target-URI": f"https://armtorg.ru/news/{number}",
        "WARC-Date": "2016-05-31T10:00:00Z",
        **{name.replace("_", "-"): value for name, value in headers.items()},
        "Content-Length": str(len(block) if length is None else length),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def arc(number: int, block: bytes | None = None, length: int | None = None, end: bytes = b"\n") -> bytes:
    """Return a record of the format before WARC."""
    block = OK + f"<p>{number}".encode() if block is None else block
    size = len(block) if length is None else length
    return f"http://armtorg.ru/news/{number} 10.0.0.1 20160531100000 text/html {size}\n".encode() + block + end


def members(*records: bytes) -> list[bytes]:
    """Return records as gzip members."""
    return [gzip.compress(one, mtime=0) for one in records]


def told(data: bytes) -> list[str]:
    """Return the numbers of the pages that are read in some bytes, and in between as what the others are left out."""
    return told_of(records_of(BytesIO(data)))


def told_of(records: Iterable[Captured | LeftOut]) -> list[str]:
    return [
        one.url.rpartition("/")[2] if isinstance(one, Captured) else one.kind
        for one in records
        if isinstance(one, Captured) or one.kind not in USUAL
    ]
