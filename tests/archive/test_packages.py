"""Packages: whatever their members are called, and whatever they say of themselves."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import LeftOut
from tests.archive.conftest import foreign, members, told_of

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = members(foreign(1), foreign(2))
MEGABYTE = 1 << 20


def zipped(members_: dict[str, bytes], method: int = ZIP_STORED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as package:
        for name, data in members_.items():
            package.writestr(name, data)
    return out.getvalue()


def read(folder: Path, data: bytes, name: str = "x.wacz") -> list[str]:
    path = folder / name
    path.write_bytes(data)
    return told_of(captures_in(path))


@pytest.mark.parametrize("name", ["x.wacz", "X.WACZ", "x.zip", "x.warc.gz", "x"])
def test_a_package_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, zipped({"archive/a.warc.gz": ONE}), name) == ["1"]


@pytest.mark.parametrize("name", ["archive/A.WARC.GZ", "archive/0001", "warcs/rec-2016", "data.bin", "a.warc.gz.part"])
@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED, ZIP_LZMA])
def test_an_archive_in_a_package_may_have_any_name(tmp_path: Path, name: str, method: int) -> None:
    others = {
        "datapackage.json": b"{}",
        "indexes/index.cdx.gz": gzip.compress(b"x"),
        "pages/pages.jsonl": b"",
        "a/": b"",
    }
    assert read(tmp_path, zipped(others | {name: ONE + TWO}, method)) == ["1", "2"]


@pytest.mark.parametrize("depth", [1, 2])
def test_packages_in_a_package_are_read(tmp_path: Path, depth: int) -> None:
    data = zipped({"archive/a.warc.gz": ONE})
    for _ in range(depth):
        data = zipped({"a.wacz": data, "b.warc.gz": TWO})
    assert read(tmp_path, data) == ["1", *["2"] * depth]


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_packages_in_packages_without_end_are_told(tmp_path: Path, method: int) -> None:
    data = zipped({"archive/a.warc.gz": ONE})
    for _ in range(9):
        data = zipped({"a.wacz": data, "b.warc.gz": TWO}, method)
    met = read(tmp_path, data)
    assert set(met) == {"unreadable", "2"}


@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_damaged_member_of_a_package_costs_itself(tmp_path: Path, method: int) -> None:
    noise = bytes(number * number % 251 for number in range(3000))
    data = zipped({"a.warc": foreign(1, b"HTTP/1.1 200 OK\r\n\r\n" + noise), "b.warc.gz": TWO}, method)
    damaged = data[:300] + bytes(byte ^ 0xFF for byte in data[300:330]) + data[330:]
    met = read(tmp_path, damaged)
    assert met[0] == "unreadable"
    assert met[-1] == "2"


@pytest.mark.parametrize("lost", [1, 40, 200])
def test_a_cut_package_is_told(tmp_path: Path, lost: int) -> None:
    assert read(tmp_path, zipped({"a.warc.gz": ONE})[:-lost]) == ["unreadable"]


def overlapping(number: int) -> bytes:
    """Return a package whose members are one and the same, as each says of itself."""
    packed = zlib.compress(bytes(50 * 1000), 9)[2:-4]
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), 50_000, 6, 0) + b"a.warc" + packed
    listed = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(packed), 50_000, 6, 0, 0, 0, 0, 0, 0)
        + b"%06d" % one
        for one in range(number)
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, number & 0xFFFF, number & 0xFFFF, len(listed), len(local), 0)
    return local + listed + end


@pytest.mark.parametrize("number", [2, 3000])
def test_members_that_lie_in_each_other_are_told_and_not_read(tmp_path: Path, number: int) -> None:
    (tmp_path / "x.wacz").write_bytes(overlapping(number))
    (one,) = captures_in(tmp_path / "x.wacz")
    assert isinstance(one, LeftOut)
    assert "lie in each other" in one.reason


def test_a_list_of_members_longer_than_any_is_not_made_an_object_of(tmp_path: Path) -> None:
    data = overlapping(100_000)
    (tmp_path / "x.wacz").write_bytes(data)
    tracemalloc.start()
    (one,) = captures_in(tmp_path / "x.wacz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(one, LeftOut)
    assert "a list of members of" in one.reason
    assert peak < len(data)


@pytest.mark.parametrize("inner", ["a.warc", "a.warc.gz"])
def test_what_unpacks_to_more_than_any_archive_is_told_and_not_unpacked(tmp_path: Path, inner: str) -> None:
    bomb = bytes(20 * MEGABYTE) if inner == "a.warc" else gzip.compress(bytes(20 * MEGABYTE))
    assert read(tmp_path, zipped({inner: bomb, "b.warc.gz": TWO}, ZIP_DEFLATED)) == ["unreadable", "2"]


def with_long_end(data: bytes, list_size: int | None = None, told: int = 0xFFFFFFFF) -> bytes:
    """Return a package with an end of 64 bits; `told` stands in the usual one, as some programs write it always."""
    at = data.rfind(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HII", data[at + 10 : at + 20])
    size = size if list_size is None else list_size
    long_end = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    pointer = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    usual = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, told, 0xFFFFFFFF, 0)
    return data[:at] + long_end + pointer + usual


def test_a_large_package_whose_list_is_told_in_64_bits_is_read(tmp_path: Path) -> None:
    package = with_long_end(zipped({"a.warc.gz": ONE, "noise": bytes(5 * MEGABYTE)}))
    assert read(tmp_path, package) == ["1"]


def test_a_list_that_is_small_in_32_bits_only_is_never_taken_in(tmp_path: Path) -> None:
    member = b"PK\x01\x02" + struct.pack("<24xH16x", 8) + b"%08d"
    entries = b"".join(member % number for number in range(100_000))
    package = entries + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entries) % (1 << 32), 0, 0)
    path = tmp_path / "x.wacz"
    path.write_bytes(with_long_end(package, told=100))
    tracemalloc.start()
    told = [one.reason for one in captures_in(path) if isinstance(one, LeftOut)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told == ["a damaged package: a list of members of 5 MB"]
    assert peak < 4 * MEGABYTE
