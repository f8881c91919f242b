"""Content codings: whole or not at all, whatever a server says of them."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.reading.decoding import LARGEST_BODY, MOST_CODINGS, MOST_STREAMS, UndecodableError, unpack
from tests.packing import PACKERS

PAGE = "<html><h1>Завод отгрузил партию шаровых кранов</h1></html>".encode() * 20


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


CODINGS = sorted(PACKERS)
each_coding = pytest.mark.parametrize("coding", CODINGS)


@given(st.binary(max_size=5000), st.lists(st.sampled_from(CODINGS), max_size=3))
def test_what_is_packed_comes_back_as_it_was(body: bytes, codings: list[str]) -> None:
    packed = body
    for coding in codings:
        packed = PACKERS[coding](packed)
    assert unpack(packed, ", ".join(codings)) == body


@given(st.binary(max_size=300), st.sampled_from(CODINGS))
def test_noise_is_unpacked_or_refused_and_nothing_else(noise: bytes, coding: str) -> None:
    with suppress(UndecodableError):
        assert len(unpack(noise, coding, 1000)) <= 1000


@pytest.mark.parametrize("header", [None, "", "identity", " Identity , "])
def test_a_body_without_a_coding_stays(header: str | None) -> None:
    assert unpack(PAGE, header) == PAGE


@pytest.mark.parametrize("coding", [*CODINGS, "compress"])
def test_an_empty_body_stays_empty_whatever_its_header_says(coding: str) -> None:
    assert unpack(b"", coding) == b""


def test_the_name_of_a_coding_may_be_in_capitals() -> None:
    assert unpack(gzip.compress(PAGE), " GZip ") == PAGE


def test_deflate_may_lack_its_header() -> None:
    assert unpack(raw_deflate(PAGE), "deflate") == PAGE


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_streams_one_behind_another_are_one_body(coding: str) -> None:
    pack = PACKERS[coding]
    assert unpack(pack(PAGE[:100]) + pack(b"") + pack(PAGE[100:]), coding) == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_zeros_behind_the_end_are_no_content(coding: str) -> None:
    assert unpack(PACKERS[coding](PAGE) + bytes(512), coding) == PAGE


@each_coding
@pytest.mark.parametrize("lost", [1, 5, 40])
def test_a_cut_body_is_refused(coding: str, lost: int) -> None:
    with pytest.raises(UndecodableError, match="cut in the middle"):
        unpack(PACKERS[coding](PAGE)[:-lost], coding)


@each_coding
def test_other_bytes_behind_the_end_are_refused(coding: str) -> None:
    with pytest.raises(UndecodableError, match="behind its end"):
        unpack(PACKERS[coding](PAGE) + b"<!-- 0.01 s -->", coding)


@each_coding
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    with pytest.raises(UndecodableError, match="unpacks to more than 8 MB"):
        unpack(PACKERS[coding](bytes(8 * LARGEST_BODY)), coding)


def test_a_bomb_of_raw_deflate_is_not_unpacked() -> None:
    with pytest.raises(UndecodableError, match="unpacks to more than 8 MB"):
        unpack(raw_deflate(bytes(8 * LARGEST_BODY)), "deflate")


def test_many_small_streams_are_no_way_around_the_limit() -> None:
    with pytest.raises(UndecodableError, match="more than 1 MB"):
        unpack(gzip.compress(bytes(600_000)) * 3, "gzip", 1 << 20)


@each_coding
def test_a_body_of_just_the_limit_is_taken(coding: str) -> None:
    assert unpack(PACKERS[coding](PAGE), coding, len(PAGE)) == PAGE
    with pytest.raises(UndecodableError, match="unpacks to more"):
        unpack(PACKERS[coding](PAGE), coding, len(PAGE) - 1)


@each_coding
def test_a_coding_that_is_announced_and_not_sent_is_refused(coding: str) -> None:
    with pytest.raises(UndecodableError, match="damaged"):
        unpack(PAGE, coding)


def test_damage_in_the_middle_is_refused() -> None:
    packed = bytearray(gzip.compress(PAGE))
    packed[-6] ^= 1  # in the checksum
    with pytest.raises(UndecodableError, match="damaged gzip"):
        unpack(bytes(packed), "gzip")


def test_a_coding_that_is_not_known_is_named_and_not_at_length() -> None:
    with pytest.raises(UndecodableError, match="encoded as " + "x" * 40 + ", which"):
        unpack(PAGE, "x" * 5000)


def test_nobody_encodes_so_often() -> None:
    with pytest.raises(UndecodableError, match="times"):
        unpack(PAGE, ",".join(["gzip"] * (MOST_CODINGS + 1)))


def test_streams_without_end_are_refused() -> None:
    with pytest.raises(UndecodableError, match="streams"):
        unpack(gzip.compress(b"") * (MOST_STREAMS + 1), "gzip")
