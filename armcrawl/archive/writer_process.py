"""What the archive's own process is told to do (`armcrawl.crawling.archive_worker`), with its one writer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.archive.writing import ArchiveWriter

if TYPE_CHECKING:
    from armcrawl.archive.records import Exchange
    from armcrawl.archive.writing import ArchiveTarget
    from armcrawl.items import Record


@lru_cache(maxsize=1)
def _writer(target: ArchiveTarget) -> ArchiveWriter:
    """Return the writer of the process that calls."""
    return ArchiveWriter(target)


def write(target: ArchiveTarget, exchange: Exchange) -> Record:
    """Write a request and its response; raises ArchiveError."""
    return _writer(target).write(exchange)


def sync(target: ArchiveTarget) -> None:
    """Have all that was written on the disk; raises ArchiveError."""
    _writer(target).sync()


def close(target: ArchiveTarget) -> None:
    """Close the file; raises ArchiveError."""
    _writer(target).close()
