"""What was taken down comes in once more: no page keeps it, and the archive's record of it is wiped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from armcrawl import clock
from armcrawl.archive.wiping import ALONE, Span, is_here, next_name, wipe, wiped_copy
from armcrawl.errors import ArchiveError
from armcrawl.store.articles.captures import archive_files
from armcrawl.store.articles.removal import Place, copy_reason, erase, forget_places
from armcrawl.store.articles.removals import Removal, note
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import captures, unwiped
from armcrawl.store.base.sql import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Engine

    from armcrawl.archive.storage import Storage
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


def unwiped_places(engine: Engine) -> list[Place]:
    """Return the records that wait to be wiped."""
    query = select(unwiped.c.archive_file, unwiped.c.archive_offset)
    with reading(engine) as connection:
        return sorted((row[0], row[1]) for row in connection.execute(query))


def wipe_returned(engine: Engine, storage: Storage) -> tuple[int, list[str]]:
    """Wipe what waits for it; return how many records that were, and why others could not be: those wait on."""
    wiped = wipe_records(engine, storage, dict.fromkeys(unwiped_places(engine), ALONE))
    forget_wiped(engine, wiped.places.values())
    return len(wiped.places), wiped.problems


def forget_wiped(engine: Engine, places: Iterable[Place]) -> None:
    """Let records wait no more, and captures name them no more."""
    done = sorted(set(places))
    if not done:
        return
    with writing(engine) as connection:
        forget_places(connection, done)
        for file, offset in done:
            is_one = (unwiped.c.archive_file == file) & (unwiped.c.archive_offset == offset)
            connection.execute(delete(unwiped).where(is_one))


@dataclass(slots=True)
class Wiped:
    """Where wiped records were, and where they are now; and why others could not be wiped."""

    places: dict[Place, Place] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def wipe_records(engine: Engine, storage: Storage, records: Mapping[Place, Span]) -> Wiped:
    """Wipe records, by file and offset.

    On this machine in place. In S3 a new file takes the place of the old one, which is deleted with all its versions
    when the database names the new one; killed anywhere, it is completed by being done again.
    """
    found = Wiped()
    for file in sorted({file for file, _ in records}):
        spans = {offset: span for (name, offset), span in records.items() if name == file}
        try:
            if is_here(storage, file):
                for offset, span in sorted(spans.items()):
                    wipe(storage.local, file, offset, clock.now(), span)
                    found.places[file, offset] = (file, offset)
            else:
                new = _replaced(engine, storage, file, spans)
                found.places |= {(file, offset): (new, offset) for offset in spans}
        except ArchiveError as error:
            found.problems.append(str(error).rstrip("."))
    return found


def _replaced(engine: Engine, storage: Storage, file: str, spans: Mapping[int, Span]) -> str:
    """Put a wiped copy of a file in its place, and return its name."""
    new = next_name(file)
    if new not in archive_files(engine):
        storage.delete(new)  # of somebody who was killed before the database knew it
        with wiped_copy(storage, file, spans, clock.now()) as copy:
            storage.put(copy, new)
        with writing(engine) as connection:
            for table in (captures, unwiped):
                is_there = table.c.archive_file == file
                connection.execute(update(table).where(is_there).values(archive_file=new))
    storage.delete(file)
    return new
