"""A page is taken out of an archive without moving anything else."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from armcrawl.archive.folder import Folder
from armcrawl.archive.reading import Captured, captured_at, records_of
from armcrawl.archive.replaced import next_name
from armcrawl.archive.wiping import Span, _member, wipe
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArchiveError
from tests.archive.conftest import OK, exchange, foreign, members
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [*range(230, 330), 1_000, 1_023, 9_999, 65_535, 65_600, 65_700, 131_100, 500_000])
def test_a_tombstone_has_exactly_the_size_of_what_it_covers(size: int) -> None:
    member = _member(size, FETCHED_AT)
    assert len(member) == size
    assert b"This page was" in gzip.decompress(member)


def test_a_wiped_page_is_gone_and_the_others_stay_where_they_were(tmp_path: Path) -> None:
    writer = ArchiveWriter(ArchiveTarget(Folder(tmp_path), "test"))
    first, second, third = (writer.write(exchange(body=f"<p>Статья {number}".encode() * 50)) for number in range(3))
    writer.close()
    path = tmp_path / first.file
    size = path.stat().st_size
    wipe(tmp_path, second.file, second.offset, FETCHED_AT)
    assert path.stat().st_size == size
    assert "Статья 1".encode() not in gzip.decompress(path.read_bytes())
    with path.open("rb") as file:
        assert "Статья 0" in captured_at(file, first.offset).body.decode()
        assert "Статья 2" in captured_at(file, third.offset).body.decode()
        with pytest.raises(ArchiveError, match="metadata"):
            captured_at(file, second.offset)
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "request", "response", "request", "metadata", "request", "response"]
    assert len(list(FastIterator(str(path)))) == len(kinds)


def test_what_is_not_there_cannot_be_wiped(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"missing\.warc\.gz"):
        wipe(tmp_path, "missing.warc.gz", 0, FETCHED_AT)


@pytest.mark.parametrize("numbers", [{1}, {2}, {3}, {1, 3}, {1, 2, 3}])
def test_a_record_that_is_packed_together_with_others_goes_alone(tmp_path: Path, numbers: set[int]) -> None:
    records = [foreign(number, OK + f"<p>Статья {number}".encode() * 90) for number in (1, 2, 3)]
    first, together, last = members(foreign(0), b"".join(records), foreign(4))
    (tmp_path / "a.warc.gz").write_bytes(first + together + last)
    wipe(tmp_path, "a.warc.gz", len(first), FETCHED_AT, Span(numbers=frozenset(numbers)))
    data = (tmp_path / "a.warc.gz").read_bytes()
    assert data.startswith(first)
    assert data.endswith(last)
    assert len(data) == len(first) + len(together) + len(last)
    with (tmp_path / "a.warc.gz").open("rb") as file:
        found = [one.url for one in records_of(file) if isinstance(one, Captured)]
    assert found == [f"https://armtorg.ru/news/{number}" for number in range(5) if number not in numbers]
    for number in numbers:
        assert f"Статья {number}".encode() not in gzip.decompress(data)


def test_others_that_are_packed_together_with_a_record_are_not_wiped_unseen(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(foreign(1) + foreign(2)))
    with pytest.raises(ArchiveError, match="others are packed together with it"):
        wipe(tmp_path, "a.warc.gz", 0, FETCHED_AT)


def test_what_is_cut_at_the_end_of_a_file_is_overwritten_up_to_it(tmp_path: Path) -> None:
    whole = gzip.compress(foreign(1, OK + b"".join(b"<p>%d" % number for number in range(999))))
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(foreign(0)) + whole[:-20])
    begin = len(gzip.compress(foreign(0)))
    wipe(tmp_path, "a.warc.gz", begin, FETCHED_AT, Span(end=begin + len(whole) - 20))
    assert b"<p>77" not in gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(foreign(0)) + whole[:99])
    wipe(tmp_path, "a.warc.gz", begin, FETCHED_AT, Span(end=begin + 99))
    assert (tmp_path / "a.warc.gz").stat().st_size == begin


def test_a_file_that_takes_the_place_of_another_is_counted() -> None:
    assert next_name("site-2016.warc.gz") == "site-2016-w1.warc.gz"
    assert next_name("site-2016-w9.warc.gz") == "site-2016-w10.warc.gz"
