"""What the archive's own process is told to do (`armcrawl.crawling.archive_worker`), with its one writer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.archive.writing import ArchiveWriter

if TYPE_CHECKING:
    from armcrawl.archive.records import Exchange
    from armcrawl.archive.writing import ArchiveTarget
    from armcrawl.items import Record

# A large file takes minutes on a slow line; who is asked answers in time.
WAIT_SECONDS = 5.0


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


def finish(target: ArchiveTarget) -> None:
    """Close the file, and have it sent to where the archive lies; raises ArchiveError."""
    _writer(target).finish()


def is_sent(target: ArchiveTarget) -> bool:
    """Tell whether all files are where they stay, or could not be put there; waits a while for it."""
    return _writer(target).sender.is_done(WAIT_SECONDS)


def close(target: ArchiveTarget) -> None:
    """End the writing; raises ArchiveError, ArchiveWaitsError where files could not be put where they stay."""
    _writer(target).close()
