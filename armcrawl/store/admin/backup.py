"""A backup of an SQLite database, taken while others write it: whole, checked, and under its name only then."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.errors import DatabaseError, UsageError
from armcrawl.redaction import OPEN_PARAMETERS
from armcrawl.store.base.database import open_read_only, parse_url, reading, reading_uri, shown
from armcrawl.store.base.shape import is_new

if TYPE_CHECKING:
    from sqlalchemy import URL

# What every SQLite database begins with: https://www.sqlite.org/fileformat.html
MAGIC = b"SQLite format 3\0"


def back_up(url: str, target: Path) -> int:
    """Copy a database into a file, and return its size in bytes; an older backup of that name is replaced.

    Raises UsageError for what cannot be backed up so, and DatabaseError, with an older backup untouched, if it fails.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        raise UsageError(_pg_dump(parsed, target))
    source = Path(parsed.database or "")
    _check_source(url)
    _check_target(source, target)
    try:
        return _copy(source, target)
    except OSError as error:
        raise DatabaseError(f"The backup {target} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"The backup {target} could not be taken: {error}.") from error


def _pg_dump(url: URL, target: Path) -> str:
    # The password stays out of lists of processes: pg_dump takes it from ~/.pgpass, or asks.
    url = url._replace(drivername="postgresql", password=None)
    address = url.difference_update_query(url.query.keys() - OPEN_PARAMETERS).render_as_string(hide_password=False)
    return (
        "PostgreSQL is backed up by its own tool, during a crawl as well: run "
        f"`pg_dump --format=custom --file={target} --dbname={address}`."
    )


def _check_source(url: str) -> None:
    """Raise DatabaseError unless there is a database of ours, of whatever shape."""
    engine = open_read_only(url, any_shape=True)
    try:
        with reading(engine) as connection:
            if is_new(connection):
                raise DatabaseError(f"{shown(parse_url(url))} is empty: there is nothing to back up.")
    finally:
        engine.dispose()


def _check_target(source: Path, target: Path) -> None:
    """Refuse to write over anything but an older backup."""
    if target.resolve() in {Path(f"{source.resolve()}{end}") for end in ("", "-wal", "-shm", ".lock")}:
        raise UsageError(f"{target} belongs to the database itself: name another file.")
    try:
        with target.open("rb") as file:
            start = file.read(len(MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"The backup {target} cannot be written: {error.strerror}.") from error
    if start != MAGIC:
        raise UsageError(f"{target} exists and is no backup: name another file.")


def _copy(source: Path, target: Path) -> int:
    """Copy into a file beside the target, check it, and give it the target's name."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        with (
            closing(sqlite3.connect(reading_uri(source), uri=True)) as original,
            closing(sqlite3.connect(part)) as copy,
        ):
            # In one step, which is one reading transaction: no writer waits for it, and none makes it begin anew.
            original.backup(copy, pages=-1)
            # One file, which needs no other beside it; it becomes WAL again when armcrawl opens it.
            copy.execute("PRAGMA journal_mode = DELETE")
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise DatabaseError(f"The database is damaged, so that its backup was thrown away: {said}.")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        size = part.stat().st_size
        part.replace(target)
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)
    return size
