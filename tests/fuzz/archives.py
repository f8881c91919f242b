"""Hostile archives for the WARC reader, and for all that an import makes of what it yields."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from armcrawl.archive.checking import check_file
from armcrawl.archive.folder import Folder
from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured, LeftOut, read_at
from armcrawl.archive.records import build, packed, record, warcinfo
from armcrawl.errors import ArchiveError
from armcrawl.items import Record
from armcrawl.jobs.importing import key_of, redirected
from armcrawl.jobs.rereading import recorded_origin
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.refining.pages import page_from
from armcrawl.sites import Origin, site_named
from tests.archive.conftest import URL, exchange, stored
from tests.conftest import FETCHED_AT
from tests.fuzz.fields import assert_storable
from tests.fuzz.mutations import mutate

if TYPE_CHECKING:
    from random import Random

ARMTORG = site_named("armtorg")

ORIGINS = (None, Origin.of(ARMTORG, "http://127.0.0.1:9/mirror"))
NAMES = ("a.warc.gz", "a.warc", "a.wacz", "a.arc.gz", "a.warc.gz.open", "a.warc.gz", "a.wacz")
MEMBERS = (
    "archive/a.warc.gz",
    "../../out.warc.gz",
    "/out.warc",
    "a\\..\\out.warc",
    "C:out.warc.gz",
    "a\0.warc",
    "d/",
)
KIND = "application/http; msgtype=response"
PAGE = "<html><h1>Завод «Салют» открыл новый цех</h1><p>Цех рассчитан на три тысячи приводов в год.</p>".encode()
HEADS = (
    b"Content-Type: text/html", b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: deflate",
    b"Transfer-Encoding: chunked", b"Content-Length: 1", b"Content-Length: -5",
    b"Content-Length: 99999999999999999999", b"Location: http://[", b"Location: /news/8", b"Location: javascript:1",
    b"ETag: \0\xff", b"Last-Modified: 1 Jan " + b"9" * 30, b"Content-Type: text/html; charset=\0",
    b"X: " + b"a" * 5000, b"no colon", b": no name", b" folded", b"Content-Length: \xd9\xa3",
)  # fmt: skip
STATUS = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 301 Moved",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 \xb2 OK",
    b"HTTP/9 OK",
    b"",
    b"ICY 200",
)
DATES = (
    "2016-05-31T10:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2016-05-31",
    "",
    "2016-W22",
    "٢٠١٦-05-31",
)
URLS = (
    URL,
    "",
    "<https://armtorg.ru/news/9>",
    "http://[",
    "https://armtorg.ru/news/" + "9" * 18,
    "armtorg.ru",
    "http://a:b@c:x/",
    "\0",
)
KINDS = (
    "response",
    "response",
    "response",
    "revisit",
    "request",
    "warcinfo",
    "resource",
    "metadata",
    "continuation",
    "",
)
FRAGMENTS = (
    b"WARC/1.1\r\n", b"WARC/1.0\r\n", b"\r\n\r\n", b"\n", b"Content-Length: 0\r\n",
    b"Content-Length: 99999999999\r\n", b"Content-Length: -1\r\n", b"WARC-Type: revisit\r\n",
    b"WARC-Date: 0001-01-01T00:00:00+14:00\r\n", b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b"WARC-Refers-To-Date: 9999-12-31T23:59:59-01:00\r\n", b"WARC-Target-URI: http://[\r\n",
    b"X-Armcrawl-Address: http://[\r\n", b"filedesc://a 0.0.0.0 20160531100000 text/plain 9\r\n",
    b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffff\r\n", b"-1\r\n", b"WARC-Payload-Digest: sha1:x\r\n",
    b"WARC-Block-Digest: md5\r\n", b"WARC-Segment-Number: 2\r\n", b"\xff", b"\0", gzip.compress(b""),
    b"HTTP/1.1 200 OK\r\n", packed(b"WARC/1.1\r\n"), b"PK\x03\x04", b"PK\x05\x06",
)  # fmt: skip


def generate(random: Random) -> bytes:
    """Return a file behind one line of JSON that tells its name."""
    name = random.choice(NAMES)
    data = b"".join(_record(random) for _ in range(random.randint(1, 4)))
    if random.random() < 0.7:
        data = mutate(random, data, FRAGMENTS)
    if name.endswith("wacz"):
        data = _package(random, data)
        if random.random() < 0.3:
            data = mutate(random, data, FRAGMENTS)
    return json.dumps(name).encode() + b"\n" + data


def check(data: bytes) -> None:
    """Read the file as an import does; nothing is written beside it, and only what is promised is raised."""
    head, _, body = data.partition(b"\n")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "in" / json.loads(head)
        path.parent.mkdir()
        path.write_bytes(body)
        for captured in captures_in(path):
            if isinstance(captured, Captured):
                _check_capture(captured)
            else:
                assert isinstance(captured, LeftOut)
        check_file(stored(path))
        for offset in (0, 1, len(body) // 2):
            with suppress(ArchiveError):
                read_at(Folder(path.parent), path.name, offset)
        assert [found for found in Path(folder).rglob("*") if found.is_file()] == [path]


def _check_capture(captured: Captured) -> None:
    assert len(captured.body) <= MAX_BODY
    assert captured.fetched_at.tzinfo is not None
    for origin in ORIGINS:
        key = key_of(captured, origin)
        if key is None:
            continue
        list(redirected(key, captured, origin))
        try:
            home = recorded_origin(key, captured.url)
        except ArchiveError:
            continue
        page = page_from(key, captured.response(home.to_site(captured.url), Record("a", captured.offset)), home)
        assert page.stage != "reading", page.reason
        assert_storable((page.article, page.reason, page.etag, page.content_type, page.last_modified))


def _record(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.2:
        return build(exchange(body=PAGE, url=URL)).data
    if kind < 0.25:
        return warcinfo("a.warc.gz", {"software": "armcrawl"}, FETCHED_AT)
    headers = {"WARC-Target-URI": random.choice(URLS), "WARC-Date": random.choice(DATES)}
    if random.random() < 0.3:
        headers["WARC-Refers-To-Date"] = random.choice(DATES)
    block = b"\r\n".join(
        (random.choice(STATUS), *random.choices(HEADS, k=random.randint(0, 4)), b"", random.choice(_bodies()))
    )
    made = record(random.choice(KINDS), headers, KIND, block)
    return packed(made) if random.random() < 0.6 else made


@lru_cache(maxsize=1)
def _bodies() -> tuple[bytes, ...]:
    """Return bodies whole, cut and out of proportion."""
    bodies = (
        PAGE,
        gzip.compress(PAGE),
        gzip.compress(PAGE)[:-9],
        zlib.compress(PAGE),
        b"5\r\nhello\r\n0\r\n\r\n",
        b"zz\r\n",
        b"",
    )
    return (*bodies, gzip.compress(bytes(MAX_BODY * 2)), gzip.compress(b"") * 1000)


def _package(random: Random, data: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", random.choice((0, ZIP_DEFLATED))) as package:
        for name in dict.fromkeys(random.choices(MEMBERS, k=2)):
            package.writestr(name, data if random.random() < 0.8 else bytes(1 << 20))
    return out.getvalue()
