"""One bad answer ends nothing but itself: what is around it is read, and it is told."""

from __future__ import annotations

import gzip
import random
from io import BytesIO

import pytest
from backports import zstd

from armcrawl.archive.frames import MAX_BLOCK
from armcrawl.archive.reading import LeftOut, records_of
from tests.archive.conftest import OK, arc, foreign, members, told

FIVE = [foreign(number) for number in range(1, 6)]


def with_third(third: bytes) -> bytes:
    packed = members(*FIVE)
    return b"".join((*packed[:2], third, *packed[3:]))


def flipped(data: bytes, at: int, length: int = 1) -> bytes:
    return data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + length]) + data[at + length :]


@pytest.mark.parametrize("at", [12, 60, 120, -9, -6, -2])
def test_a_damaged_member_costs_itself(at: int) -> None:
    third = members(FIVE[2])[0]
    assert told(with_third(flipped(third, at % len(third)))) == ["1", "2", "unreadable", "4", "5"]


@pytest.mark.parametrize("garbage", [b"<html>no member", b"\x1f\x8b\x08\x00 and nothing", bytes(range(256)) * 9])
def test_what_stands_between_members_costs_nothing_else(garbage: bytes) -> None:
    met = told(with_third(garbage))
    assert [one for one in met if one != "unreadable"] == ["1", "2", "4", "5"]
    assert "unreadable" in met


@pytest.mark.parametrize("padding", [b"", b"\r\n", bytes(100_000)])
def test_padding_between_members_is_nothing_unreadable(padding: bytes) -> None:
    assert told(with_third(padding)) == ["1", "2", "4", "5"]


def test_a_damaged_member_tells_its_address_where_that_can_be_read_yet() -> None:
    third = gzip.compress(foreign(3, OK + bytes(range(256)) * 50), mtime=0)
    (bad,) = (one for one in records_of(BytesIO(with_third(flipped(third, -9)))) if isinstance(one, LeftOut))
    assert "https://armtorg.ru/news/3" in bad.reason


@pytest.mark.parametrize("length", [0, 20, 400, MAX_BLOCK, MAX_BLOCK * 9, 10**14])
def test_a_length_that_lies_costs_its_record(length: int) -> None:
    lying = foreign(3, length=length)
    assert told(b"".join((*FIVE[:2], lying, *FIVE[3:]))) in (
        ["1", "2", "unreadable", "4", "5"],
        ["1", "2", "cut", "4", "5"],
    )
    assert told(with_third(members(lying)[0])) in (["1", "2", "unreadable", "4", "5"], ["1", "2", "cut", "4", "5"])


@pytest.mark.parametrize("length", [MAX_BLOCK + 9, MAX_BLOCK * 9, 10**14])
def test_what_a_length_that_lies_swallows_of_one_large_member_is_read(length: int) -> None:
    # More than is kept in hand.
    noise = random.Random(length).randbytes(MAX_BLOCK // 9)  # noqa: S311 - no secret
    records = [foreign(number, OK + noise) for number in range(1, 15)]
    records[2] = foreign(3, length=length)
    met = told(gzip.compress(b"".join(records), 1))
    assert [one for one in met if one.isdigit()] == [str(number) for number in range(1, 15) if number != 3]
    assert {"unreadable", "cut"} & set(met)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n", b"\r\n" * 9, b"\0" * 7])
def test_the_lines_between_records_may_be_any(end: bytes) -> None:
    records = [one.removesuffix(b"\r\n\r\n") + end for one in FIVE]
    assert told(b"".join(records)) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("extra", [-2, -1, 1, 2, 4])
def test_a_length_that_counts_the_lines_behind_or_forgets_a_byte_is_meant_well(extra: int) -> None:
    block = OK + b"<p>3</p>"
    records = [*FIVE[:2], foreign(3, block, len(block) + extra).removesuffix(b"\r\n\r\n"), *FIVE[3:]]
    assert told(b"".join(records)) == ["1", "2", "3", "4", "5"]


def test_a_record_without_a_length_costs_itself() -> None:
    bad = FIVE[2].replace(b"Content-Length", b"Content-Lenght")
    assert told(b"".join((*FIVE[:2], bad, *FIVE[3:]))) == ["1", "2", "unreadable", "4", "5"]


def test_lines_may_end_without_a_carriage_return_and_go_on_in_the_next() -> None:
    bare = FIVE[0].replace(b"\r\n", b"\n").replace(b"https", b"\n https")
    size = len(OK.replace(b"\r\n", b"\n")) + 4
    bare = bare.replace(b"Content-Length: %d" % (len(OK) + 4), b"content-length:\t%d" % size)
    assert told(bare + FIVE[1]) == ["1", "2"]


def test_one_member_for_the_whole_file_is_read() -> None:
    assert told(gzip.compress(b"".join(FIVE))) == ["1", "2", "3", "4", "5"]


def test_one_member_for_the_whole_file_that_is_damaged_gives_what_stands_before() -> None:
    whole = gzip.compress(b"".join(foreign(n, OK + bytes([n]) * 20_000) for n in range(1, 60)), mtime=0)
    met = told(flipped(whole, len(whole) // 2))
    assert met[:2] == ["1", "2"]
    assert met[-1] == "unreadable"


def test_several_members_with_several_records_each_are_read() -> None:
    assert told(gzip.compress(b"".join(FIVE[:2])) + gzip.compress(b"".join(FIVE[2:]))) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", ["zstd frames", "one zstd frame", "a skippable frame before"])
def test_zstd_is_read_as_gzip_is(name: str) -> None:
    frames = [zstd.compress(one) for one in FIVE]
    skippable = b"\x53\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    data = {
        "zstd frames": b"".join(frames),
        "one zstd frame": zstd.compress(b"".join(FIVE)),
        "a skippable frame before": skippable + frames[0] + skippable + b"".join(frames[1:]) + skippable,
    }
    assert told(data[name]) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_zstd_with_a_dictionary_of_the_file_is_read(*, is_packed: bool) -> None:
    dictionary = zstd.train_dict([foreign(n, OK + b"<p>%d" % (n * n)) for n in range(300)], 2000)
    held = dictionary.dict_content
    held = zstd.compress(held) if is_packed else held
    frame = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held
    assert told(frame + b"".join(zstd.compress(one, zstd_dict=dictionary) for one in FIVE)) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("held", [b"", b"no dictionary", zstd.compress(b"no dictionary")[:-1]])
def test_zstd_with_a_dictionary_that_is_none_is_told_or_read(held: bytes) -> None:
    frame = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held
    assert told(frame + zstd.compress(FIVE[0])) == ["1"]


def test_a_damaged_zstd_frame_costs_itself() -> None:
    frames = [zstd.compress(one) for one in FIVE]
    frames[2] = flipped(frames[2], 30, 9)
    met = told(b"".join(frames))
    assert [one for one in met if one != "unreadable"] == ["1", "2", "4", "5"]


FILEDESC = b"filedesc://x.arc 0.0.0.0 20160531100000 text/plain %d\n%b%b"
VERSION = b"1 1 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
DNS = b"dns:armtorg.ru 10.0.0.1 20160531100000 text/dns 9\n123456789\n"


@pytest.mark.parametrize("gap", [b"", b"\n", b"\n\n"])
def test_arc_is_read_whatever_lines_it_lacks_and_dns_is_told_as_such(gap: bytes) -> None:
    begin = FILEDESC % (len(VERSION), VERSION, gap)
    assert told(begin + DNS + arc(1) + arc(2, end=b"") + arc(3)) == ["dns", "1", "2", "3"]


@pytest.mark.parametrize("extra", [-1, 1, 2])
def test_an_arc_record_whose_length_is_off_by_a_line_is_read(extra: int) -> None:
    block = OK + b"<p>1</p>"
    assert told(arc(1, block, len(block) + extra) + arc(2)) == ["1", "2"]


@pytest.mark.parametrize(
    "line",
    [
        b"http://armtorg.ru/news/1 10.0.0.1 20160531100000 text/html; charset=cp1251 %d\n",
        b"http://armtorg.ru/a b/news/1 10.0.0.1 20160531100000 no-type %d\n",
        b"http://armtorg.ru/news/1 10.0.0.1 20160531100000 text/html 200 ABC - 17 x.arc %d\n",
        b"http://armtorg.ru/news/1 ::1 2016053110 text/html %d\r\n",
    ],
)
def test_the_lines_of_arc_have_many_forms(line: bytes) -> None:
    block = OK + b"<p>1"
    assert told(line % len(block) + block + b"\n" + arc(2)) == ["1", "2"]


def test_a_damaged_arc_record_costs_itself() -> None:
    assert told(arc(1) + arc(2, length=9000) + arc(3) + arc(4)) in (
        ["1", "cut", "3", "4"],
        ["1", "unreadable", "3", "4"],
    )


def test_an_answer_with_an_interim_one_before_it_is_the_answer() -> None:
    assert told(foreign(1, b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + OK + b"<p>1")) == ["1"]


@pytest.mark.parametrize("block", [b"", b"no answer", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n" * 9])
def test_what_is_no_answer_is_told(block: bytes) -> None:
    assert told(foreign(1, block) + foreign(2)) == ["unreadable", "2"]
