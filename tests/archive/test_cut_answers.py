"""An answer that is not whole is no page, whatever its status: it is left out, and counted."""

from __future__ import annotations

import gzip

import pytest

from tests.archive.conftest import OK, arc, foreign, members, told

PAGE = b"<html><p>" + b"x" * 300 + b"</html>"


def with_length(length: int, body: bytes = PAGE, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n"
    return foreign(1, head.encode() + body)


def chunked(body: bytes) -> bytes:
    return foreign(1, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)


@pytest.mark.parametrize("why", ["length", "time", "disconnect", "unspecified", "Length"])
def test_what_the_record_calls_truncated_is_cut(why: str) -> None:
    assert told(foreign(1, WARC_Truncated=why) + foreign(2)) == ["cut", "2"]


def test_one_segment_of_several_is_cut() -> None:
    assert told(foreign(1, WARC_Segment_Number="1") + foreign(2)) == ["cut", "2"]


@pytest.mark.parametrize("status", ["200 OK", "203 Other", "301 Moved", "404 Not Found", "410 Gone", "500 Oops"])
def test_fewer_bytes_than_the_answer_tells_are_cut(status: str) -> None:
    assert told(with_length(len(PAGE) + 1, status=status)) == ["cut"]


@pytest.mark.parametrize("length", [len(PAGE), len(PAGE) - 1, 0])
def test_as_many_bytes_as_the_answer_tells_or_more_are_whole(length: int) -> None:
    # More of them: who wrote the archive has unpacked the body, and kept the head.
    assert told(with_length(length)) == ["1"]


@pytest.mark.parametrize("status", ["304 Not Modified", "204 No Content"])
def test_an_answer_that_has_no_body_lacks_none(status: str) -> None:
    assert told(with_length(5000, b"", status)) == ["1"]


@pytest.mark.parametrize("length", ["-5", "x", "9" * 40, "\u0663"])
def test_a_length_that_is_none_tells_nothing(length: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()
    assert told(foreign(1, head + PAGE)) == ["1"]


@pytest.mark.parametrize("block", [OK[:-2], OK[:-4], b"HTTP/1.1 200 OK", with_length(7, b"")])
def test_a_head_alone_is_cut(block: bytes) -> None:
    assert told(block if block.startswith(b"WARC") else foreign(1, block)) == ["cut"]


@pytest.mark.parametrize(
    "body", [b"5\r\nhello\r\n", b"5\r\nhel", b"5\r\nhello", b"5\r\nhelloXX\r\n0\r\n\r\n", b"5;a=1\r\n"]
)
def test_chunks_without_their_end_are_cut(body: bytes) -> None:
    assert told(chunked(body)) == ["cut"]


@pytest.mark.parametrize(
    "body",
    [b"5\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n0\r\n", b"5\nhello\n0\n\n", b"0\r\nX: y\r\n\r\n", b"<html>", b""],
)
def test_chunks_that_are_whole_or_were_put_together_are_read(body: bytes) -> None:
    assert told(chunked(body)) == ["1"]


@pytest.mark.parametrize("lost", [5, 30, 150])
def test_a_file_that_ends_early_gives_all_that_is_whole(lost: int) -> None:
    for records in ([foreign(1), foreign(2, OK + PAGE)], [arc(1), arc(2, OK + PAGE)]):
        assert told(b"".join(records)[:-lost]) == ["1", "cut"]
        assert told(b"".join(members(*records))[: -lost // 2]) == ["1", "cut"]
    whole = gzip.compress(foreign(1) + foreign(2, OK + PAGE))
    assert told(whole[:-9])[-1] == "cut"


def test_a_revisit_lacks_no_bytes_as_it_has_none() -> None:
    revisit = foreign(
        1,
        with_length(900, b"").partition(b"\r\n\r\n")[2],
        WARC_Type="revisit",
        WARC_Truncated="length",
        WARC_Refers_To="<a>",
    )
    assert told(revisit) == ["1"]
