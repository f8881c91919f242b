"""Files that are made to cost time and memory cost neither: what counts is bounded by the size of the file."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from io import BytesIO
from itertools import cycle, islice

import pytest
from backports import zstd

from armcrawl.archive.frames import MAX_BLOCK, MAX_FAULTS
from armcrawl.archive.reading import records_of
from tests.archive.conftest import OK, foreign, members, told

GOOD = members(foreign(2))[0]
MEGABYTE = 1 << 20
# Two blocks of the largest size that is kept, one of them in pieces.
MAX_MEMORY = 3 * MAX_BLOCK


def bomb(begin: bytes, megabytes: int) -> bytes:
    packing = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    parts = [packing.compress(begin)] + [packing.compress(bytes(MEGABYTE)) for _ in range(megabytes)]
    return b"".join(parts) + packing.flush()


@pytest.mark.parametrize(
    "data",
    [
        bomb(b"", 200) + GOOD,
        bomb(foreign(1, b"", 200 * MEGABYTE).rstrip() + b"\r\n\r\n", 200) + GOOD,
        bomb(b"WARC/1.0\r\n", 50) + GOOD,
        bomb(b"WARC/1.0\r\n" + b"a: b\r\n" * 10_000_000, 0) + GOOD,
    ],
    ids=["zeros", "a record", "a line", "lines"],
)
def test_a_member_that_unpacks_out_of_all_proportion_costs_itself(data: bytes) -> None:
    tracemalloc.start()
    met = told(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert met == ["unreadable", "2"] or met[-2:] == ["unreadable", "2"]
    assert peak < MAX_MEMORY


def test_a_zstd_frame_that_unpacks_out_of_all_proportion_costs_itself() -> None:
    assert told(zstd.compress(bytes(200 * MEGABYTE)) + zstd.compress(foreign(2))) == ["unreadable", "2"]


@pytest.mark.parametrize(
    "piece",
    [
        b"\x1f\x8b\x08\x00\0\0\0\0\0\0",
        gzip.compress(b"WARC/1.0\r\n\r\n", mtime=0),
        b"\x1f\x8b\x08\x00\0\0\0\0\0\xff\x00\x60\xea\x9f\x15WARC/1.0\r\nContent-Length: 5\r\n\r\n",
        b"\nWARC/1",
        foreign(1, b"", 5)[:-4],
        foreign(1, b"", MAX_BLOCK)[:-4],
        foreign(1, b"", 1 << 40)[:-4],
        b"http://a 1 20160531100000 12345678 20160531100000 5\n",
    ],
    ids=["starts", "no records", "members in members", "words", "short", "long", "longest", "arc"],
)
def test_faults_without_number_end_the_file(piece: bytes) -> None:
    data = GOOD + piece * (MEGABYTE // 4 // len(piece))
    tracemalloc.start()
    met = told(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert met[0] == "2"
    assert len(met) <= MAX_FAULTS + 2
    assert peak < MAX_MEMORY


@pytest.mark.parametrize(
    "head",
    [
        b"WARC/1.0\r\nX: " + b"a" * MEGABYTE,
        b"WARC/1.0\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
        b"WARC/1.0\r\n" + b" folded\r\n" * 5000 + b"\r\n",
        b"http:" + b" 20160531100000" * 100_000 + b"\n",
    ],
    ids=["a long header", "many headers", "a folded header", "an arc line"],
)
def test_a_head_longer_than_any_costs_itself(head: bytes) -> None:
    met = told(head + b"\r\n\r\n" + foreign(2))
    assert [one for one in met if one != "unreadable"] == ["2"]
    assert "unreadable" in met


@pytest.mark.parametrize(
    "head",
    [b"X: " + b"a" * MEGABYTE, b"X: a\r\n" * 5000, b"X: a\r\n" + b" b\r\n" * 5000],
    ids=["long", "many", "folded"],
)
def test_the_head_of_an_answer_longer_than_any_costs_itself(head: bytes) -> None:
    assert told(foreign(1, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n<p>") + foreign(2)) == ["unreadable", "2"]


def test_a_page_of_any_size_is_gone_over_and_counted() -> None:
    noise = bytes(islice(cycle(range(251)), MAX_BLOCK + 9))
    assert told(foreign(1, OK + noise) + foreign(2)) == ["too large", "2"]
    assert told(gzip.compress(foreign(1, OK + noise[: MAX_BLOCK - 200]), 0) + GOOD) == ["too large", "2"]


def test_zeros_take_no_memory() -> None:
    tracemalloc.start()
    assert len(list(records_of(BytesIO(bytes(20 * MEGABYTE))))) == 1
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - held < 25 * MEGABYTE


def packed_page(number: int, body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    return foreign(number, head + gzip.compress(body, mtime=0))


def test_pages_that_unpack_in_records_that_unpack_cost_no_more_than_a_file_of_pages() -> None:
    # A hundred times each: the records pack like their bodies, which say one thing again and again.
    letters = b"".join(bytes([65 + number % 50]) * 90 for number in range(900))
    bombs = [gzip.compress(packed_page(number, letters * 80), 9, mtime=0) for number in range(3, 60)]
    met = told(b"".join([*members(packed_page(1, letters)), *bombs, GOOD]))
    assert met[0] == "1"
    assert met.count("too large") > 50
    assert met[-1] == "2"


def test_packed_pages_are_read_however_many_there_are() -> None:
    # Each to a twentieth.
    texts = (random.Random(number).randbytes(500) * 20 for number in range(1, 2000))  # noqa: S311 - no secret
    pages = members(*(packed_page(number, text) for number, text in enumerate(texts, 1)))
    assert told(b"".join(pages)) == [str(number) for number in range(1, 2000)]
