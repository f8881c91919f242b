"""A page is taken out of an archive without moving anything else."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from armcrawl.archive.folder import Folder
from armcrawl.archive.reading import captured_at
from armcrawl.archive.wiping import _member, wipe
from armcrawl.archive.writing import ArchiveTarget, ArchiveWriter
from armcrawl.errors import ArchiveError
from tests.archive.conftest import exchange
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
