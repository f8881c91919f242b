"""A request and its response as WARC records, each one gzip member, so that a cut tail costs one record.

The format is WARC 1.1: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
Records are put together here, and not by warcio, which takes twice the time.
"""

from __future__ import annotations

import zlib
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha1
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from armcrawl.items import Pickled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Headers = tuple[tuple[str, str], ...]

# A field of our own, as the format allows: the address that a page is known by.
ADDRESS = "X-Armcrawl-Address"
NOT_MODIFIED = 304
PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
PHRASES = {status.value: status.phrase for status in HTTPStatus}
# Two thirds of the time of level 6 for 3 % more bytes, measured over the sample's pages.
GZIP_LEVEL = 3
GZIP_FORMAT = 16 + zlib.MAX_WBITS
# Scrapy hands a body over that was put together from its chunks: a reader must not look for them.
RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}


@dataclass(frozen=True, slots=True)
class Earlier(Pickled):
    """An earlier capture of the same page: the digest of its payload, and when it was."""

    payload_digest: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange(Pickled):
    """A request, and the response as it came in: the body is not unpacked, headers stand as often as they were sent.

    `address` is the site's own that was asked for, wherever redirects and another server led.
    """

    url: str
    fetched_at: datetime
    request_headers: Headers
    status: int
    protocol: str
    headers: Headers
    body: bytes
    ip_address: str | None = None
    earlier: Earlier | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """The bytes of records, where the response's record begins in them, and the digest of its payload."""

    data: bytes
    offset: int
    payload_digest: str


def warcinfo(filename: str, fields: Mapping[str, str], moment: datetime) -> bytes:
    """Return the record that opens a file."""
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    headers = {"WARC-Date": warc_date(moment), "WARC-Filename": filename}
    return packed(record("warcinfo", headers, "application/warc-fields", block))


def build(exchange: Exchange) -> Built:
    """Return the records of a request and its response."""
    answer_id = new_id()
    digest = digest_of(exchange.body)
    common = {"WARC-Target-URI": exchange.url, "WARC-Date": warc_date(exchange.fetched_at)}
    request_headers = common | {"WARC-Concurrent-To": answer_id}
    request = packed(record("request", request_headers, "application/http; msgtype=request", _request(exchange)))
    revisit = _revisit(exchange, digest)
    headers = common | {"WARC-Record-ID": answer_id, "WARC-Payload-Digest": digest} | revisit
    if exchange.address:
        headers[ADDRESS] = exchange.address
    if exchange.ip_address:
        headers["WARC-IP-Address"] = exchange.ip_address
    block = _answer_head(exchange) + (b"" if revisit else exchange.body)
    answer = record("revisit" if revisit else "response", headers, "application/http; msgtype=response", block)
    return Built(request + packed(answer), len(request), digest)


def record(kind: str, headers: Mapping[str, str], content_type: str, block: bytes) -> bytes:
    """Return a record, not compressed."""
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": new_id(),
        **headers,
        "WARC-Block-Digest": digest_of(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return b"WARC/1.1\r\n%b\r\n%b\r\n\r\n" % (head.encode(), block)


def packed(plain: bytes) -> bytes:
    """Return bytes as one gzip member."""
    packing = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_FORMAT)
    return packing.compress(plain) + packing.flush()


def warc_date(moment: datetime) -> str:
    """Return a moment as WARC 1.1 writes it: in UTC, with microseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def digest_of(data: bytes) -> str:
    """Return a digest as WARC tools write it: SHA-1 in base 32."""
    return "sha1:" + b32encode(sha1(data, usedforsecurity=False).digest()).decode("ascii")


def new_id() -> str:
    """Return an id for a new record."""
    return f"<urn:uuid:{uuid4()}>"


def _revisit(exchange: Exchange, digest: str) -> dict[str, str]:
    """Return the headers that point to the earlier capture, if this one brings nothing new."""
    earlier = exchange.earlier
    if earlier is None:
        return {}
    refers = {"WARC-Refers-To-Target-URI": exchange.url, "WARC-Refers-To-Date": warc_date(earlier.fetched_at)}
    if exchange.status == NOT_MODIFIED:
        return {
            "WARC-Profile": f"{PROFILES}server-not-modified",
            "WARC-Payload-Digest": earlier.payload_digest,
        } | refers
    if digest == earlier.payload_digest:
        return {"WARC-Profile": f"{PROFILES}identical-payload-digest"} | refers
    return {}


def _answer_head(exchange: Exchange) -> bytes:
    phrase = PHRASES.get(exchange.status, "Unknown")
    headers = ((RENAMED.get(name.lower(), name), value) for name, value in exchange.headers)
    return _head(f"{exchange.protocol} {exchange.status} {phrase}", headers)


def _request(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    others = ((name, value) for name, value in exchange.request_headers if name.lower() != "host")
    return _head(f"GET {target} HTTP/1.1", (("Host", parts.netloc), *others))


def _head(line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{line}\r\n{lines}\r\n".encode("latin-1")
