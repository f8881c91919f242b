"""Servers that pack their answers: crawl, import and `inspect` see one page, the archive the bytes as they came."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from fastwarc.warc import ArchiveIterator as FastIterator

from armcrawl.archive.records import build, digest_of
from armcrawl.reading.response import DIGEST_SIZE
from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.archive.conftest import exchange
from tests.conftest import TODAY
from tests.packing import PACKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FAST = ("--delay", "0", "--concurrency", "8", "--section", "reviews")
PORTAL = Portal("bootstrap")


def digest_of_page(number: str) -> str:
    return blake2b(PORTAL.respond(f"/reviews/{number}", TODAY).body, digest_size=DIGEST_SIZE).hexdigest()


@pytest.fixture
def asked() -> list[web.Request]:
    return []


@pytest.fixture
def packing(request: pytest.FixtureRequest, asked: list[web.Request]) -> Iterator[str]:
    """Serve the sample portal, each answer packed with the coding of the test, robots.txt too."""
    coding: str = request.param

    async def respond(request: web.Request) -> web.Response:
        asked.append(request)
        usual = PORTAL.respond(request.raw_path, TODAY)
        headers = {"Content-Type": usual.content_type, "Content-Encoding": coding}
        headers |= {"Location": usual.location} if usual.location else {}
        return web.Response(status=usual.status, body=PACKERS[coding](usual.body), headers=headers)

    with serving_handler(respond) as url:
        yield url


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd", "deflate"], indirect=True)
def test_a_site_that_packs_is_read_as_one_that_does_not(
    armcrawl: Command, packing: str, database: str, query: Query
) -> None:
    done = armcrawl("crawl", "--base-url", packing, "--database", database, "--no-archive", *FAST)
    assert done.code == 0, done.err
    stored = query("SELECT number, digest FROM pages WHERE outcome = 'stored'")
    assert len(stored) > 40
    assert stored == [(number, digest_of_page(str(number))) for number, _ in stored]


@pytest.mark.parametrize("packing", ["gzip"], indirect=True)
def test_the_archive_holds_the_bytes_as_they_came_and_is_read_again_from_them(
    armcrawl: Command, packing: str, database: str, tmp_path: Path, asked: list[web.Request], query: Query
) -> None:
    where = ("--database", database, "--archive", str(tmp_path / "pages"))
    assert armcrawl("crawl", "--base-url", packing, *where, *FAST).code == 0
    assert {request.headers["Accept-Encoding"] for request in asked} == {"gzip"}
    (file,) = (tmp_path / "pages").iterdir()
    (record,) = (
        (record.headers["WARC-Payload-Digest"], record.http_headers["Content-Encoding"])
        for record in FastIterator(str(file), parse_http=True)
        if record.headers["WARC-Type"] == "response" and record.headers["WARC-Target-URI"].endswith("/reviews/5")
    )
    body = PORTAL.respond("/reviews/5", TODAY).body
    assert record[1] == "gzip"
    assert query(f"SELECT count(*) FROM captures WHERE payload_digest = '{record[0]}'") == [(1,)]
    assert record[0] == digest_of(gzip.compress(body, mtime=0))
    assert armcrawl("archive", "cat", "armtorg/reviews/5", *where).out == body.decode()
    assert "Read otherwise: 0." in armcrawl("reparse", *where).out


@pytest.mark.parametrize("packing", ["gzip"], indirect=True)
def test_a_packed_robots_txt_is_obeyed(
    armcrawl: Command, packing: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("armcrawl.sample.portal.ROBOTS", "User-agent: *\nDisallow: /\n")
    done = armcrawl("crawl", "--base-url", packing, "--database", database, *FAST)
    assert done.code == 1
    assert "robots.txt forbids all that this run would ask for" in done.err


def test_a_robots_txt_that_is_cut_is_one_that_cannot_be_read(armcrawl: Command, database: str) -> None:
    async def respond(_: web.Request) -> web.Response:
        body = gzip.compress(b"User-agent: *\nDisallow:\n" * 9)[:-9]
        return web.Response(body=body, headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"})

    with serving_handler(respond) as url:
        done = armcrawl("crawl", "--base-url", url, "--database", database, *FAST)
    assert done.code == 1
    assert "/robots.txt cannot be read (the answer is gzip that is cut in the middle)" in done.err


def test_an_archive_with_cut_and_packed_pages_is_imported_and_the_cut_one_waits_in_quarantine(
    armcrawl: Command, tmp_path: Path, database: str, query: Query
) -> None:
    path = tmp_path / "foreign.warc.gz"
    records = []
    for number, (coding, lost) in enumerate([("deflate", 0), ("gzip", 30), ("br", 0)], 3):
        packed = PACKERS[coding](PORTAL.respond(f"/reviews/{number}", TODAY).body)
        headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", coding))
        url = f"https://armtorg.ru/reviews/{number}"
        records.append(build(exchange(url=url, body=packed[: len(packed) - lost], headers=headers)).data)
    path.write_bytes(b"".join(records))
    done = armcrawl("backfill", "--warc", str(path), "--database", database)
    assert done.code == 0, done.err
    assert query("SELECT number, outcome FROM pages ORDER BY number") == [
        (3, "stored"),
        (4, "quarantined"),
        (5, "stored"),
    ]
    assert query("SELECT stage, reason FROM quarantine") == [
        ("decoding", "the answer is gzip that is cut in the middle")
    ]
    replayed = json.loads(armcrawl("quarantine", "replay", "--apply", "--json", "--database", database).out)
    assert replayed["pages"] == {"quarantined": 1}
    assert "Read otherwise: 0." in armcrawl("reparse", "--database", database).out


def test_inspect_unpacks_what_is_given_as_it_was_sent(armcrawl: Command) -> None:
    body = zlib.compress(PORTAL.respond("/reviews/5", TODAY).body)
    page = {"url": "https://armtorg.ru/reviews/5", "content_encoding": "deflate"}
    sent = [(body, 200), (body + b"\n", 200), (body[:-9], 200), (body[:-9], 404), (body[:-9], 502)]
    lines = [json.dumps(page | {"base64": b64encode(one).decode(), "status": status}) for one, status in sent]
    done = armcrawl("inspect", "--jsonl", stdin="\n".join(lines))
    assert done.code == 0, done.err
    assert [json.loads(line)["outcome"] for line in done.out.splitlines()] == [
        *("article", "article", "quarantined: garbled: the answer is deflate that is cut in the middle"),
        *("missing", "failed: status 502"),
    ]
