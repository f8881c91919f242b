"""Content codings: whole or not at all, whatever a server says of them."""

from __future__ import annotations

import gzip
import random
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.reading.decoding import LEEWAY, MAX_BODY, MAX_CODINGS, MAX_STREAMS, UndecodableError, unpack
from tests.packing import PACKERS

NOTICE = "Завод отгрузил партию шаровых кранов".encode()
PAGE = "<html><h1>Завод отгрузил партию шаровых кранов</h1></html>".encode() * 20


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311 - no secret


CODINGS = sorted(PACKERS)
each_coding = pytest.mark.parametrize("coding", CODINGS)


@given(st.binary(max_size=5000), st.lists(st.sampled_from(CODINGS), max_size=3))
def test_what_is_packed_comes_back_as_it_was(body: bytes, codings: list[str]) -> None:
    packed = body
    for coding in codings:
        packed = PACKERS[coding](packed)
    assert unpack(packed, ", ".join(codings)).body == body


@given(st.binary(max_size=300), st.sampled_from(CODINGS))
def test_noise_is_unpacked_or_refused_and_nothing_else(noise: bytes, coding: str) -> None:
    with suppress(UndecodableError):
        assert len(unpack(noise, coding, 1000).body) <= 1000


@pytest.mark.parametrize("header", [None, "", "identity", " Identity , "])
def test_a_body_without_a_coding_stays(header: str | None) -> None:
    assert unpack(PAGE, header) == (PAGE, 0)


@pytest.mark.parametrize("coding", [*CODINGS, "compress"])
def test_an_empty_body_stays_empty_whatever_its_header_says(coding: str) -> None:
    assert unpack(b"", coding) == (b"", 0)


def test_the_name_of_a_coding_may_be_in_capitals() -> None:
    assert unpack(gzip.compress(PAGE), " GZip ").body == PAGE


def test_deflate_may_lack_its_header() -> None:
    assert unpack(raw_deflate(PAGE), "deflate").body == PAGE


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_streams_one_behind_another_are_one_body(coding: str) -> None:
    pack = PACKERS[coding]
    assert unpack(pack(PAGE[:100]) + pack(b"") + pack(PAGE[100:]), coding) == (PAGE, 0)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_zeros_behind_the_end_are_no_content(coding: str) -> None:
    assert unpack(PACKERS[coding](PAGE) + bytes(512), coding) == (PAGE, 0)


@each_coding
@pytest.mark.parametrize("lost", [1, 5, 40])
def test_a_cut_body_is_refused(coding: str, lost: int) -> None:
    with pytest.raises(UndecodableError, match="cut in the middle"):
        unpack(PACKERS[coding](PAGE)[:-lost], coding)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("behind", [b"\n", b"<!-- 0.01 s -->"])
def test_bytes_behind_the_end_of_what_its_checksum_proves_whole_are_counted_and_passed_over(
    coding: str, behind: bytes
) -> None:
    assert unpack(PACKERS[coding](PAGE) + behind, coding) == (PAGE, len(behind))


@pytest.mark.parametrize(("coding", "packed"), [("br", PACKERS["br"](PAGE)), ("deflate", raw_deflate(PAGE))])
def test_bytes_behind_the_end_of_what_has_no_checksum_are_refused(coding: str, packed: bytes) -> None:
    with pytest.raises(UndecodableError, match="after its end"):
        unpack(packed + b"<!-- 0.01 s -->", coding)


@each_coding
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    with pytest.raises(UndecodableError, match="unpacks to more than 100 times its size"):
        unpack(PACKERS[coding](bytes(MAX_BODY // 2)), coding)


def test_a_bomb_of_raw_deflate_is_not_unpacked() -> None:
    with pytest.raises(UndecodableError, match="unpacks to more than 100 times its size"):
        unpack(raw_deflate(bytes(MAX_BODY // 2)), "deflate")


@each_coding
def test_a_body_larger_than_any_page_is_not_unpacked(coding: str) -> None:
    with pytest.raises(UndecodableError, match="unpacks to more than 1 MB"):
        unpack(PACKERS[coding](noise((1 << 20) + 1)), coding, 1 << 20)


def test_codings_on_codings_are_no_way_around_the_limit() -> None:
    # What stands behind the end of gzip is no content, and costs as much as any.
    packed = gzip.compress(PAGE)
    for _ in range(MAX_CODINGS - 1):
        packed = gzip.compress(packed + noise(MAX_BODY // 2))
    with pytest.raises(UndecodableError, match="unpacks to more than 8 MB"):
        unpack(packed, ",".join(["gzip"] * MAX_CODINGS))
    with pytest.raises(UndecodableError, match="unpacks to more than 100 times its size"):
        unpack(gzip.compress(gzip.compress(PAGE) + bytes(MAX_BODY // 2)), "gzip, gzip")


def test_few_bytes_may_unpack_to_any_number_of_times_their_size() -> None:
    assert unpack(gzip.compress(bytes(LEEWAY)), "gzip").body == bytes(LEEWAY)


def test_many_small_streams_are_no_way_around_the_limit() -> None:
    with pytest.raises(UndecodableError, match="more than 1 MB"):
        unpack(gzip.compress(noise(600_000)) * 3, "gzip", 1 << 20)


@each_coding
def test_a_body_of_just_the_limit_is_taken(coding: str) -> None:
    assert unpack(PACKERS[coding](PAGE), coding, len(PAGE)).body == PAGE
    with pytest.raises(UndecodableError, match="unpacks to more"):
        unpack(PACKERS[coding](PAGE), coding, len(PAGE) - 1)


@each_coding
def test_a_coding_that_is_announced_and_not_sent_is_refused(coding: str) -> None:
    with pytest.raises(UndecodableError, match="damaged"):
        unpack(NOTICE, coding)


@pytest.mark.parametrize("coding", [*CODINGS, "utf-8", "compress", "gzip, identity"])
def test_what_begins_as_markup_is_packed_with_nothing_whatever_its_header_says(coding: str) -> None:
    for page in (PAGE, b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + PAGE):
        assert unpack(page, coding) == (page, 0)


def test_a_coding_that_is_named_twice_and_put_on_once_is_undone_once() -> None:
    assert unpack(gzip.compress(PAGE), "gzip, gzip").body == PAGE


def test_damage_in_the_middle_is_refused() -> None:
    packed = bytearray(gzip.compress(PAGE))
    packed[-6] ^= 1  # in the checksum
    with pytest.raises(UndecodableError, match="damaged gzip"):
        unpack(bytes(packed), "gzip")


def test_a_coding_that_is_not_known_is_named_and_not_at_length() -> None:
    with pytest.raises(UndecodableError, match="encoded as " + "x" * 40 + ", which"):
        unpack(NOTICE, "x" * 5000)


def test_nobody_encodes_so_often() -> None:
    with pytest.raises(UndecodableError, match="times"):
        unpack(PAGE, ",".join(["gzip"] * (MAX_CODINGS + 1)))


def test_streams_without_end_are_refused() -> None:
    with pytest.raises(UndecodableError, match="streams"):
        unpack(gzip.compress(b"") * (MAX_STREAMS + 1), "gzip")
