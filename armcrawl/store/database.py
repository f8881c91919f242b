"""Opening a database: one URL, SQLite by default."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from armcrawl.errors import DatabaseError, UsageError
from armcrawl.store.schema import metadata

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

# Another writer's batch takes under a second; 30 s outlast a backup and a slow disk.
BUSY_TIMEOUT_MS = 30_000


def open_database(url: str, *, create: bool = True) -> Engine:
    """Return an engine for a database URL, with its tables made if it is new.

    Raises UsageError for what is no such URL, and DatabaseError if the file cannot be used or,
    without `create`, if there is none yet.
    """
    parsed = _parse(url)
    path = Path(parsed.database or "")
    if not create and not path.exists():
        message = f"There is no database at {path}: fill one with `armcrawl crawl`, or name another with --database."
        raise DatabaseError(message)
    _make_folder(path)
    try:
        engine = create_engine(parsed)
    except (NoSuchModuleError, ImportError) as error:
        message = f"No driver for {parsed.render_as_string()}: {error}."
        raise DatabaseError(message) from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    try:
        _make_tables(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        message = f"The database {parsed.render_as_string()} cannot be used: {cause_of(error)}."
        raise DatabaseError(message) from error
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for questions only, which takes no lock that a writer waits for."""
    with engine.connect().execution_options(armcrawl_read_only=True) as connection:
        yield connection


def cause_of(error: SQLAlchemyError) -> str:
    """Return what the database itself said, in one line without SQL."""
    said = str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)
    return " ".join(said.split()).rstrip(".")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = f"{url!r} is not a database URL: write sqlite:///path/to/file.db."
        raise UsageError(message) from error
    if parsed.get_backend_name() != "sqlite":
        message = (
            f"Databases of the kind {parsed.get_backend_name()!r} are not supported: write sqlite:///path/to/file.db."
        )
        raise UsageError(message)
    if not parsed.database or parsed.database == ":memory:":
        message = "A database in memory keeps nothing: write sqlite:///path/to/file.db."
        raise UsageError(message)
    return parsed


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {path.parent} cannot be made: {error.strerror}; name another with --database."
        raise DatabaseError(message) from error


def _make_tables(engine: Engine) -> None:
    with reading(engine) as connection:
        if inspect(connection).has_table(metadata.sorted_tables[0].name):
            return
    with engine.begin() as connection:
        metadata.create_all(connection)


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    # Transactions are begun by _begin_immediate: sqlite3's own would begin them too late.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL loses no committed row when the process dies, only when the power does.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a read lock that becomes one may fail, however long it waits."""
    read_only = connection.get_execution_options().get("armcrawl_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
