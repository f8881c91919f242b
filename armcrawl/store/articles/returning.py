"""What was taken down comes in once more: no page keeps it, and the archive's record of it is wiped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from armcrawl import clock
from armcrawl.archive.wiping import wipe
from armcrawl.errors import ArchiveError
from armcrawl.store.articles.removal import Place, copy_reason, erase, forget_places
from armcrawl.store.articles.removals import Removal, note
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import unwiped
from armcrawl.store.base.sql import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.articles.removals import Match


def take_down_again(connection: Connection, met: Iterable[tuple[PageKey, Match]]) -> None:
    """Take down pages that show what was taken down; those that are already stay as they are."""
    for key, match in met:
        if key != match.key:
            note(connection, Removal(key, match.reason, clock.now(), copy_of=str(match.key)))
        erase(connection, key, match.reason if key == match.key else copy_reason(match.key, match.reason))


def leave_unwiped(connection: Connection, places: Iterable[Place]) -> None:
    """Have records of the archive wait for `wipe_returned`."""
    rows = [{"archive_file": file, "archive_offset": offset} for file, offset in sorted(set(places))]
    upsert(connection, unwiped, rows, ("archive_file", "archive_offset"))


def waiting(engine: Engine) -> list[Place]:
    """Return the records that wait to be wiped."""
    query = select(unwiped.c.archive_file, unwiped.c.archive_offset)
    with reading(engine) as connection:
        return sorted((row[0], row[1]) for row in connection.execute(query))


def wipe_returned(engine: Engine, folder: Path) -> tuple[int, list[str]]:
    """Wipe what waits for it; return how many records that were, and why others could not be: those wait on."""
    done, problems = list[Place](), list[str]()
    for file, offset in waiting(engine):
        try:
            wipe(folder, file, offset, clock.now())
        except ArchiveError as error:
            problems.append(str(error))
        else:
            done.append((file, offset))
    forget_wiped(engine, done)
    return len(done), problems


def forget_wiped(engine: Engine, places: Sequence[Place]) -> None:
    """Let records wait no more."""
    if not places:
        return
    with writing(engine) as connection:
        forget_places(connection, places)
        for file, offset in places:
            is_one = (unwiped.c.archive_file == file) & (unwiped.c.archive_offset == offset)
            connection.execute(delete(unwiped).where(is_one))
