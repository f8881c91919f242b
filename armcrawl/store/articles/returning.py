"""What was taken down comes in once more: no page keeps it, and the archive's record of it is wiped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from armcrawl import clock
from armcrawl.archive.replaced import newest_of, next_name
from armcrawl.archive.sending import is_away
from armcrawl.archive.wiping import ALONE, Span, is_here, is_wiped, wipe, wiped_copy
from armcrawl.errors import ArchiveAwayError, ArchiveError
from armcrawl.store.articles.captures import archive_files
from armcrawl.store.articles.removal import Place, copy_reason, erase, forget_places
from armcrawl.store.articles.removals import Removal, note
from armcrawl.store.base.database import open_database, reading, writing
from armcrawl.store.base.schema import captures, unwiped
from armcrawl.store.base.short_locks import replacing_files

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


def unwiped_places(engine: Engine) -> list[Place]:
    """Return the records that wait to be wiped."""
    query = select(unwiped.c.archive_file, unwiped.c.archive_offset)
    with reading(engine) as connection:
        return sorted((row[0], row[1]) for row in connection.execute(query))


def wipe_returned(engine: Engine, storage: Storage) -> tuple[int, list[str]]:
    """Wipe what waits for it, file by file; return how many records that were, and why others wait on."""
    if not unwiped_places(engine):
        return 0, []
    number, problems = 0, list[str]()
    with replacing_files(engine) as is_held:
        if not is_held:
            return 0, ["Another run wipes what it found: the next one wipes the rest"]
        try:
            delete_replaced(engine, storage)
        except (ArchiveError, ArchiveAwayError) as error:
            return 0, [str(error).rstrip(".")]
        places = unwiped_places(engine)
        for file in sorted({file for file, _ in places}):
            wiped = wipe_records(engine, storage, {one: ALONE for one in places if one[0] == file})
            forget_wiped(engine, wiped.places.values())
            number += len(wiped.places)
            problems += wiped.problems
    return number, problems


def wipe_returned_in(database: str, storage: Storage) -> tuple[int, list[str]]:
    """Do the same with an engine of its own, for another thread."""
    engine = open_database(database)
    try:
        return wipe_returned(engine, storage)
    finally:
        engine.dispose()


def delete_replaced(engine: Engine, storage: Storage) -> None:
    """Delete files in S3 in whose place the database names another one: who did that was killed before he could."""
    if not is_away(storage):
        return
    named = _named(engine)
    for file in storage.files():
        if newest_of(file.closed_name, named) is not None:
            storage.delete(file.closed_name)


def follow_replaced(engine: Engine, storage: Storage) -> None:
    """Have an older database name the files in S3 that have taken the place of those it knows."""
    if not is_away(storage):
        return
    there = {file.closed_name for file in storage.files()}
    for file in _named(engine) - there:
        if (new := newest_of(file, there)) is not None:
            _rename(engine, file, new)


def _named(engine: Engine) -> set[str]:
    return {*archive_files(engine), *(file for file, _ in unwiped_places(engine))}


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
            storage.settle(file)
            done = [offset for offset in spans if not spans[offset].numbers and is_wiped(storage, file, offset)]
            found.places |= {(file, offset): (file, offset) for offset in done}
            spans = {offset: span for offset, span in spans.items() if offset not in done}
            if not spans:
                continue
            if is_here(storage, file):
                for offset, span in sorted(spans.items()):
                    wipe(storage.local, file, offset, clock.now(), span)
                    found.places[file, offset] = (file, offset)
            else:
                new = _replaced(engine, storage, file, spans)
                found.places |= {(file, offset): (new, offset) for offset in spans}
        except (ArchiveError, ArchiveAwayError) as error:
            found.problems.append(str(error).rstrip("."))
    return found


def _replaced(engine: Engine, storage: Storage, file: str, spans: Mapping[int, Span]) -> str:
    """Put a wiped copy of a file in its place, and return its name."""
    new = next_name(file)
    if new not in archive_files(engine):
        storage.delete(new)  # of somebody who was killed before the database knew it
        with wiped_copy(storage, file, spans, clock.now()) as copy:
            storage.put(copy, new)
        _rename(engine, file, new)
    storage.delete(file)
    return new


def _rename(engine: Engine, file: str, new: str) -> None:
    with writing(engine) as connection:
        for table in (captures, unwiped):
            connection.execute(update(table).where(table.c.archive_file == file).values(archive_file=new))
