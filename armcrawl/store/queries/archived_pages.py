"""The bytes of a page as the archive holds them, by its key."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from armcrawl.archive.reading import read_at, with_body
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.store.articles.captures import captures_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage
    from armcrawl.sites import PageKey


def archived_page(engine: Engine, storage: Storage, key: PageKey, moment: datetime | None = None) -> Captured:
    """Return the newest capture of a page with its body, or the one of a moment (UTC).

    Raises UsageError if the archive holds none, ArchiveError if it cannot be read.
    """
    found = list(captures_of(engine, key))
    if moment is not None:
        found = [one for one in found if one.fetched_at <= moment.replace(tzinfo=UTC)]
    if not found:
        raise UsageError(f"The archive holds no capture of {key}{f' of {moment} or earlier' if moment else ''}.")
    newest = found[-1]
    captured = read_at(storage, newest.file, newest.offset)
    if captured.original is None:
        return captured
    original = next((one for one in found if one.fetched_at == captured.refers_to), None)
    if original is None:
        raise ArchiveError(f"The page is unchanged since {captured.refers_to}, which the archive does not hold.")
    return with_body(read_at(storage, original.file, original.offset), captured)
