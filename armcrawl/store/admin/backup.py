"""A database of either kind as one SQLite file, as it is at one moment while others write it: whole, and checked."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.errors import DatabaseError
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.base.database import open_database, open_read_only, parse_url, reading, reading_uri, shown
from armcrawl.store.base.shape import is_new

if TYPE_CHECKING:
    from collections.abc import Callable


def back_up(url: str, target: Path) -> None:
    """Copy a database into a file, which is there only when it is whole; an older one of that name is replaced.

    Raises DatabaseError, with the older one untouched, if it fails.
    """
    try:
        if parse_url(url).get_backend_name() == "postgresql":
            _fill(target, lambda part: _from_server(url, part))
        else:
            _check_source(url)
            _fill(target, lambda part: _from_file(Path(parse_url(url).database or ""), part))
    except OSError as error:
        raise DatabaseError(f"The backup {target} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"The backup {target} could not be taken: {error}.") from error


def _check_source(url: str) -> None:
    """Raise DatabaseError unless there is a database of ours, of whatever shape."""
    engine = open_read_only(url, any_shape=True)
    try:
        with reading(engine) as connection:
            if is_new(connection):
                raise DatabaseError(f"{shown(parse_url(url))} is empty: there is nothing to back up.")
    finally:
        engine.dispose()


def _from_file(source: Path, part: Path) -> None:
    with closing(sqlite3.connect(reading_uri(source), uri=True)) as original, closing(sqlite3.connect(part)) as copy:
        # In one step, which is one reading transaction: no writer waits for it, and none makes it begin anew.
        original.backup(copy, pages=-1)


def _from_server(url: str, part: Path) -> None:
    source = open_database(url, create=False)
    try:
        target = open_database(f"sqlite:///{part}")
        try:
            copy_database(source, target)
        finally:
            target.dispose()
    finally:
        source.dispose()


def in_one_file(path: Path) -> None:
    """Have an SQLite database need no file beside it, check it, and have it on the disk.

    It is written ahead again once armcrawl opens it. Raises DatabaseError for a damaged one, and sqlite3.Error.
    """
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        (said,) = made.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise DatabaseError(f"The database is damaged, so that its backup was thrown away: {said}.")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _fill(target: Path, copy: Callable[[Path], None]) -> None:
    """Have a file made beside the target, check it, and give it the target's name."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        copy(part)
        in_one_file(part)
        part.replace(target)
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)
