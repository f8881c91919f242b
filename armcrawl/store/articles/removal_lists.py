"""The list of removals as a file: for another database, and beside the archive, for an older one from a backup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from armcrawl.errors import ArchiveError, UsageError
from armcrawl.store.articles.removal import take_down
from armcrawl.store.articles.removals import Removal, listed
from armcrawl.store.articles.returning import follow_replaced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage

# Beside the WARC files: an older database that is put beside them knows nothing of what was taken down since.
NAME = "removals.jsonl"


def lines_of(removals: Iterable[Removal]) -> str:
    """Return removals as JSON Lines."""
    return "".join(json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in removals)


def removals_of(text: str) -> list[Removal]:
    """Return the removals of such lines; raises UsageError for a line that is none."""
    found = list[Removal]()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(Removal.from_json(json.loads(line)))
        except (ValueError, UsageError) as error:
            raise UsageError(
                f"Line {number} is no removal: `armcrawl removals export` writes such lists, name one of these."
            ) from error
    return found


def keep_beside(storage: Storage, removals: Iterable[Removal]) -> None:
    """Keep the list beside an archive, if there is one; raises ArchiveError and ArchiveAwayError."""
    if storage.exists():
        storage.keep(NAME, lines_of(removals).encode())


def beside(storage: Storage) -> list[Removal]:
    """Return the list beside an archive, an empty one without; raises ArchiveError, ArchiveAwayError and UsageError."""
    try:
        return removals_of((storage.kept(NAME) or b"").decode())
    except UnicodeDecodeError as error:
        raise ArchiveError(f"The list {storage}/{NAME} cannot be read: {error}.") from error


def carry_list(source: Storage, target: Storage, removals: Iterable[Removal]) -> None:
    """Add the list beside an archive, and more, to the one beside another, which takes its place."""
    if told := {one.key: one for one in (*beside(target), *beside(source), *removals)}:
        keep_beside(target, told.values())


def catch_up(engine: Engine, storage: Storage) -> list[Removal]:
    """Take down what the list beside the archive has and the database does not: that is an older one, from a backup.

    Returns what that was. What the database alone has, as the archive is a restored or a moved one, comes into the
    list. Raises ArchiveError and UsageError for a list that cannot be read or written.
    """
    follow_replaced(engine, storage)
    told, known = beside(storage), listed(engine)
    lacking = _not_in(known, told)
    for one in lacking:
        take_down(engine, one)
    if _not_in(told, known):
        keep_beside(storage, listed(engine))
    return lacking


def _not_in(these: Iterable[Removal], others: Iterable[Removal]) -> list[Removal]:
    keys = {one.key for one in these}
    return [one for one in others if one.key not in keys]
