"""What a server sends is read in one way: by the crawl that fetches it, from our archive, and from another's."""

from __future__ import annotations

import gzip
import socketserver
import threading
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import brotli
from backports import zstd

from armcrawl.archive.records import packed, record
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]
    Wire = Callable[[bytes], bytes]

HTML = "Content-Type: text/html; charset=utf-8"
CHUNKED = "Transfer-Encoding: chunked"
PAGES = "SELECT external_id, outcome, reason, digest FROM pages ORDER BY external_id"


def sent(pack: Wire, *headers: str, status: str = "200 OK", kind: str = HTML, lost: int = 0) -> Wire:
    """Return how a page is sent with its length, without so many bytes at its end."""

    def wire(page: bytes) -> bytes:
        body = pack(page)
        length = () if CHUNKED in headers else (f"Content-Length: {len(body)}",)
        head = "\r\n".join((f"HTTP/1.1 {status}", *filter(None, (kind, *length)), *headers))
        return head.encode("latin-1") + b"\r\n\r\n" + body[: len(body) - lost]

    return wire


def plain(page: bytes) -> bytes:
    return page


def gz(page: bytes) -> bytes:
    return gzip.compress(page, mtime=0)


def raw_deflate(page: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(page) + packing.flush()


def in_two(pack: Wire) -> Wire:
    return lambda page: pack(page[:3000]) + pack(page[3000:])


def chunks(pack: Wire, size: int = 1000, *, mark: str = "{:x}", trailer: bytes = b"") -> Wire:
    def chunked(page: bytes) -> bytes:
        body = pack(page)
        pieces = (body[at : at + size] for at in range(0, len(body), size))
        joined = b"".join(mark.format(len(one)).encode() + b"\r\n" + one + b"\r\n" for one in pieces)
        return joined + b"0\r\n" + trailer + b"\r\n"

    return chunked


def encoded(pack: Wire, *codings: str) -> Wire:
    return sent(pack, *(f"Content-Encoding: {coding}" for coding in codings))


READ: dict[str, Wire] = {
    "identity": encoded(plain, "identity"),
    "no coding": sent(plain),
    "an empty coding": encoded(plain, ""),
    "gzip": encoded(gz, "gzip"),
    "x-gzip": encoded(gz, "x-gzip"),
    "upper case": encoded(gz, "GZIP"),
    "deflate, zlib": encoded(zlib.compress, "deflate"),
    "deflate, raw": encoded(raw_deflate, "deflate"),
    "br": encoded(brotli.compress, "br"),
    "zstd": encoded(zstd.compress, "zstd"),
    "gzip twice": encoded(lambda page: gz(gz(page)), "gzip, gzip"),
    "a list": encoded(lambda page: gz(zlib.compress(page)), "deflate, gzip"),
    "a list with nothing": encoded(gz, " , identity,gzip , "),
    "two headers": encoded(lambda page: brotli.compress(gz(page)), "gzip", "br"),
    "two headers apart": sent(
        lambda page: gz(zlib.compress(page)), "Content-Encoding: deflate", "Vary: *", "content-encoding: gzip"
    ),
    "two members": encoded(in_two(gz), "gzip"),
    "two frames": encoded(in_two(zstd.compress), "zstd"),
    "a line behind": encoded(lambda page: gz(page) + b"\r\n", "gzip"),
    "a wrong label": encoded(plain, "gzip"),
    "an unknown label": encoded(plain, "sdch"),
    "types repeated": sent(plain, HTML, kind="Content-Type: image/png"),
    "no type": sent(plain, kind=""),
    "an empty type": sent(plain, kind="Content-Type:"),
    "a folded header": sent(plain, "X-Note: one\r\n two", kind="Content-Type: text/html;\r\n\tcharset=utf-8"),
    "validators repeated": sent(plain, 'ETag: "a"', 'ETag: W/"b"', "Last-Modified: x", "Last-Modified: \xe9"),
    "chunks": sent(chunks(plain), CHUNKED),
    "one chunk": sent(chunks(plain, 1 << 20), CHUNKED),
    "small chunks": sent(chunks(plain, 7), CHUNKED),
    "chunks in capitals": sent(chunks(plain, 2748, mark="{:X}"), CHUNKED),
    "chunks with noughts": sent(chunks(plain, mark="{:08x}"), CHUNKED),
    "chunks with extensions": sent(chunks(plain, mark="{:x};a=1;b"), CHUNKED),
    "chunks and a trailer": sent(chunks(plain, trailer=b"X-Sum: 1\r\n"), CHUNKED),
    "packed chunks": sent(chunks(gz), CHUNKED, "Content-Encoding: gzip"),
    "chunks in a list": sent(chunks(plain), CHUNKED, kind=HTML.replace(";", " ;")),
    "chunks and a length": sent(chunks(plain), "Content-Length: 999999", CHUNKED),
    "length unknown": lambda page: f"HTTP/1.0 200 OK\r\n{HTML}\r\n\r\n".encode() + page,
    "another success": sent(plain, status="203 Non-Authoritative"),
    "no phrase": sent(plain, status="200"),
}
READ_OTHERWISE: dict[str, Wire] = {
    "packed without a label": sent(gz),
    "an unknown coding": encoded(gz, "sdch"),
    "another coding than its label's": encoded(brotli.compress, "gzip"),
    "packed and cut": encoded(lambda page: gz(page)[:-20], "gzip"),
    "missing": sent(gz, "Content-Encoding: gzip", status="404 Not Found"),
    "missing, and its body damaged": sent(lambda page: gz(page)[:-9], "Content-Encoding: gzip", status="410 Gone"),
}
FAILED: dict[str, Wire] = {
    "a length that is not reached": sent(plain, lost=1),
    "a head alone": sent(plain, lost=1 << 20),
    "nothing": sent(lambda _: b""),
    "nothing, and no length": lambda _: f"HTTP/1.0 200 OK\r\n{HTML}\r\n\r\n".encode(),
    "no content": lambda _: b"HTTP/1.1 204 No Content\r\n\r\n",
    "chunks without an end": sent(chunks(plain), CHUNKED, lost=5),
    "a chunk that is cut": sent(chunks(plain), CHUNKED, lost=100),
    "no chunk": sent(chunks(plain), CHUNKED, lost=1 << 20),
    "a part": sent(plain, status="206 Partial Content"),
    "a difference": sent(plain, status="226 IM Used"),
    "a missing page that is cut": sent(plain, status="404 Not Found", lost=9),
    "a page of failure that is cut": sent(plain, status="500 Oops", lost=9),
}


@contextmanager
def serving_bytes(answers: dict[str, bytes]) -> Iterator[str]:
    """Serve exactly these bytes at these paths, each on a connection of its own."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().split()[1].decode()
            while self.rfile.readline().strip():
                pass
            self.wfile.write(answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def foreign(answers: dict[str, bytes]) -> bytes:
    """Return an archive of another program, which wrote down all that the server sent."""
    kind = "application/http; msgtype=response"
    warc = {"WARC-Date": "2026-11-23T07:00:00Z"}
    records = (
        record("response", warc | {"WARC-Target-URI": f"https://armtorg.ru{path}"}, kind, answer)
        for path, answer in answers.items()
    )
    return b"".join(map(packed, records))


def test_crawl_archive_and_the_archive_of_another_read_the_same_bytes_as_the_same_page(
    armcrawl: Command, database: str, query: Query, tmp_path: Path
) -> None:
    # Failures first: the head is a page that is read.
    wires = FAILED | READ_OTHERWISE | READ
    numbers = sorted(one.number or 0 for one in load_sample().articles if one.section == "news")[: len(wires)]
    names = dict(zip(map(str, numbers), wires, strict=True))
    portal = Portal("bootstrap")
    answers = {
        f"/news/{number}": wires[name](portal.respond(f"/news/{number}", TODAY).body) for number, name in names.items()
    }
    addresses = "\n".join(f"https://armtorg.ru{path}" for path in answers)
    where = ("--database", database, "--archive", "crawled")
    with serving_bytes(answers) as url:
        fast = ("--base-url", url, "--delay", "0", "--concurrency", "4")
        armcrawl("backfill", "--urls", "-", *where, *fast, stdin=addresses)
    rows = {names[str(number)]: (outcome, reason, digest) for number, outcome, reason, digest in query(PAGES)}
    outcomes = {name: row[0] for name, row in rows.items()}
    assert {name for name, outcome in outcomes.items() if outcome == "failed"} == FAILED.keys()
    assert {name for name, outcome in outcomes.items() if outcome == "stored"} == READ.keys()
    assert "Read otherwise: 0." in armcrawl("reparse", *where).out
    kept = {name: row for name, row in rows.items() if name not in FAILED}
    (tmp_path / "foreign.warc.gz").write_bytes(foreign(answers))
    for archive in ("crawled", "foreign.warc.gz"):
        done = armcrawl("backfill", "--warc", archive, "--database", f"sqlite:///{archive}.db")
        assert done.code == 0, done.err
        again = rows_in(tmp_path / f"{archive}.db")
        assert {names[number]: row for number, row in again.items()} == kept, archive


def rows_in(path: Path) -> dict[str, tuple[str, ...]]:
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return {number: tuple(row) for number, *row in connection.execute(PAGES)}
    finally:
        connection.close()
