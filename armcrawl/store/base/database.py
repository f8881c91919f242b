"""Opening a database: one URL, SQLite or PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError

from armcrawl.errors import DatabaseAwayError, DatabaseError, UsageError
from armcrawl.redaction import HIDDEN, without_secrets
from armcrawl.store.base.dead_clients import look_for_dead_clients
from armcrawl.store.base.replaced_file import follow
from armcrawl.store.base.shape import check_shape, is_new, make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

# An arbitrary number that only armcrawl's writers take this PostgreSQL lock with.
WRITE_LOCK = 4_711_033_260
# As SQLite's BEGIN IMMEDIATE: a second writer waits here. A hundred crawls that end at a time have their turn one after
# another, each for a second or less, and the server keeps their order: who waits here has waited in vain only if one of
# them hangs.
TURN_MS = 300_000
TAKE_TURN = (
    f"SET LOCAL lock_timeout = {TURN_MS}; SELECT pg_advisory_xact_lock({WRITE_LOCK}); SET LOCAL lock_timeout TO DEFAULT"
)
# Another writer's batch takes under a second; 30 s outlast a backup and a slow disk.
BUSY_TIMEOUT_MS = 30_000
# Between two pieces of much work: who waits for an SQLite file looks for it every tenth of a second, and gives up after
# BUSY_TIMEOUT_MS if it is never free then.
PAUSE_SECONDS = 0.02
# A mode is changed within milliseconds.
STEP_SECONDS = 0.01
# Seconds and probes after which either side knows that the other's machine has vanished: a minute, where a system
# waits for two hours, and a lock is held as long.
KEEPALIVES = {"idle": 30, "interval": 10, "count": 3}
# What was sent and is not confirmed keeps probes from being sent: so long it may be, as above.
UNCONFIRMED_MS = 60_000
# A server that does not answer within 10 s is taken for one that is down.
POSTGRESQL_ARGUMENTS = {
    "connect_timeout": 10,
    "application_name": "armcrawl",
    "client_encoding": "UTF8",
    "tcp_user_timeout": UNCONFIRMED_MS,
    **{f"keepalives_{name}": number for name, number in KEEPALIVES.items()},
}
# What role, database or server have set otherwise must not change what we read and write. `lock_timeout`: as on
# SQLite, who waits for a lock is told so, not left waiting.
SESSION = {
    "lock_timeout": BUSY_TIMEOUT_MS,
    "search_path": '"$user",public',
    "tcp_user_timeout": UNCONFIRMED_MS,
    **{f"tcp_keepalives_{name}": number for name, number in KEEPALIVES.items()},
}
FIXED_SESSION = {
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": 1,
    "standard_conforming_strings": "on",
    "default_transaction_isolation": r"read\ committed",
}
# Shutdown by an administrator, after a crash, and a start that is not done; a session that was idle for too long; and a
# server that only reads, as one does from which another has taken over:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
READ_ONLY = "25006"
AWAY_STATES = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", READ_ONLY})
BEFORE_HOST = re.compile(r"^(\W*\w*\W*).*@", re.DOTALL)
# Cyrillic letters as they are: escaped ones take three times the room.
_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
EXAMPLES = "sqlite:///path/to/file.db or postgresql://user@host/name"


def open_database(url: str, *, create: bool = True) -> Engine:
    """Return an engine for a database URL, with its tables made if it is new.

    Raises UsageError for what is no such URL, and DatabaseError if the database cannot be used, has
    another shape, or, without `create`, if there is none yet.
    """
    return _prepared(connect(url, create=create), create=create)


def open_read_only(url: str, *, any_shape: bool = False) -> Engine:
    """Return an engine that reads a database, also while others write to it, and never writes itself.

    Raises UsageError for what is no address of a database, and DatabaseError if it is not there or, unless
    `any_shape`, is empty or has another shape.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = connect(url, create=False)
        event.listen(engine, "begin", _read_only_transaction)
        return engine if any_shape else _prepared(engine, create=False)
    path = Path(parsed.database or "")
    _check_exists(path)
    file, _, options = reading_uri(path).partition("?")
    address = URL.create("sqlite", database=file, query={"uri": "true", **dict(parse_qsl(options))})
    engine = create_engine(address, json_deserializer=_from_json)
    event.listen(engine, "connect", _refuse_writing)
    follow(engine, path)
    event.listen(engine, "begin", _begin_reading)
    event.listen(engine, "handle_error", partial(_fail_clearly, parsed))
    return engine if any_shape else _prepared(engine, create=False, named=parsed)


def reading_uri(path: Path) -> str:
    """Return the URI by which SQLite only reads a file, also where nothing can be made beside it."""
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if is_at_rest(path) else ''}"


def is_at_rest(path: Path) -> bool:
    """Tell whether nobody writes to a file beside which nothing can be made, as SQLite needs where somebody may."""
    return not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()


def _refuse_writing(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only = ON")


def _begin_reading(connection: Connection) -> None:
    """See one state of the database in all statements, whatever others write meanwhile."""
    connection.exec_driver_sql("BEGIN")


def _read_only_transaction(connection: Connection) -> None:
    set_locally(connection, "TRANSACTION READ ONLY")


def set_locally(connection: Connection, setting: str) -> None:
    """Set something of PostgreSQL for a transaction that begins, whatever way its rows will be fetched."""
    driver: Any = connection.connection.driver_connection
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        driver.execute(f"SET {setting}")
    except dbapi.OperationalError as error:  # past SQLAlchemy, which would tell of it
        raise DatabaseAwayError(f"The database {shown(connection.engine.url)} cannot be used: {error}.") from error


def _check_exists(path: Path) -> None:
    if not path.exists():
        raise DatabaseError(f"There is no database at {path}: fill one with `armcrawl crawl`, or name another.")


def _prepared(engine: Engine, *, create: bool, named: URL | None = None) -> Engine:
    """Return the engine, now that its database has the tables and views of this armcrawl."""
    try:
        with reading(engine) as connection:
            is_empty = is_new(connection)
            if not is_empty:
                check_shape(connection)
        if is_empty and not create:
            name = shown(named or engine.url)
            raise DatabaseError(f"{name} is empty: fill it with `armcrawl crawl`, or name another.")
        if is_empty:
            make(engine)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def connect(url: str, *, create: bool = True) -> Engine:
    """Return an engine for a database URL, whatever its shape.

    Raises UsageError for what is no such URL, and DatabaseError if there is no such file, without `create`.
    Whatever the database refuses later comes up as a DatabaseError too, save rows that break a constraint.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed, connect_args=_arguments(parsed), json_serializer=_json)
        event.listen(engine, "connect", partial(_check_encoding, parsed))
        event.listen(engine, "connect", _end_with_client)
    else:
        path = Path(parsed.database or "")
        if not create:
            _check_exists(path)
        _make_folder(path)
        engine = create_engine(parsed, json_serializer=_json, json_deserializer=_from_json)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    event.listen(engine, "handle_error", partial(_fail_clearly, parsed))
    return engine


def _arguments(url: URL) -> dict[str, Any]:
    """Return what psycopg is told of a session beside its URL."""
    arguments = {name: value for name, value in POSTGRESQL_ARGUMENTS.items() if name not in url.query}
    return arguments | {"options": _session_options(url)}


def connection_arguments(url: URL, seconds: float) -> dict[str, Any]:
    """Return psycopg's arguments for a session that reads only, no statement longer than so many seconds."""
    _, arguments = url.get_dialect()().create_connect_args(url)
    told = {**arguments, **_arguments(url)}
    bounds = f"-c default_transaction_read_only=on -c statement_timeout={int(seconds * 1000)}"
    return {**told, "options": f"{told['options']} {bounds}"}


def _session_options(url: URL) -> str:
    """Return the parameters of a session: a URL's own may change some of ours."""
    given = url.query.get("options", "")
    ours, fixed = (" ".join(f"-c {name}={value}" for name, value in told.items()) for told in (SESSION, FIXED_SESSION))
    return f"{ours} {given if isinstance(given, str) else ' '.join(given)} {fixed}"


def _check_encoding(url: URL, connection: Any, record: object) -> None:
    """Raise DatabaseError for a database that does not take all letters."""
    del record
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseError(
            f"The database {shown(url)} has the encoding {encoding}, which does not hold all letters: make one with "
            "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0, and name that with --database."
        )


def _from_json(stored: str) -> Any:
    """Return what JSON says; what is damaged as it is, so that rows beside it are read: only SQLite keeps such."""
    try:
        return msgspec.json.decode(stored)  # a quarter of the time of Python's own
    except msgspec.DecodeError:
        try:
            return json.loads(stored)  # which takes some more
        except ValueError:
            return stored


def shown(url: URL) -> str:
    """Return a URL as it may be printed: as it is typed, without its password and what else may be secret."""
    return without_secrets(url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True))


def _fail_clearly(url: URL, context: ExceptionContext) -> None:
    """Turn what the database itself refuses into a DatabaseError that says so in one sentence."""
    error = context.sqlalchemy_exception
    if isinstance(error, DBAPIError) and not isinstance(error, (IntegrityError, DataError)):
        message = f"The database {shown(url)} cannot be used: {_cause_of(error)}"
        if getattr(error.orig, "sqlstate", None) == READ_ONLY:
            # Whoever has taken over is found by a new connection only.
            context.is_disconnect = True
        raise (DatabaseAwayError if _is_away(error) else DatabaseError)(message) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that no other writer's runs beside: what is read in it stays true until the commit."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(TAKE_TURN)
        yield connection


@contextmanager
def writing_a_piece(engine: Engine) -> Iterator[Connection]:
    """Do so for a piece of much work, and let others come to write before the next one."""
    with writing(engine) as connection:
        yield connection
    time.sleep(PAUSE_SECONDS)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for questions only, which takes no lock that a writer waits for."""
    with engine.connect().execution_options(armcrawl_read_only=True) as connection:
        yield connection


@contextmanager
def reading_one_moment(engine: Engine) -> Iterator[Connection]:
    """Do so, and see one state of the database in all questions, whatever others write meanwhile.

    Readers of SQLite do anyway; to PostgreSQL each statement is a moment of its own, unless told.
    """
    is_postgresql = engine.dialect.name == "postgresql"
    with reading(
        engine.execution_options(isolation_level="REPEATABLE READ") if is_postgresql else engine
    ) as connection:
        yield connection


def _cause_of(error: DBAPIError) -> str:
    """Return what the database itself said, in one line without SQL."""
    said = " ".join(str(error.orig).split())
    return said if said.endswith((".", "?", "!")) else f"{said}."


def _is_away(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL is down, starts or stops, or the connection to it was lost."""
    if type(error.orig).__module__.partition(".")[0] != "psycopg":
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # Without a connection there is no state: what a person must mend is told in the message only.
        said = str(error.orig)
        is_fault = any(words in said for words in ("authentication failed", "does not exist", "no password", "pg_hba"))
        return isinstance(error, OperationalError) and not is_fault
    return error.connection_invalidated or state.startswith("08") or state in AWAY_STATES


def parse_url(written: str) -> URL:
    """Return a database URL as it is used; raises UsageError, without its password, for what is none."""
    text = written.strip()
    try:
        parsed = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise _no_url(text) from error
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise UsageError(f"Databases of the kind {kind!r} are not supported: write {EXAMPLES}.")
    if kind == "postgresql" and find_spec("psycopg") is None:
        raise UsageError("PostgreSQL needs its driver: install armcrawl[postgres] (in a checkout: `make extras`).")
    if "@" in (parsed.host or "") or (kind == "sqlite" and (parsed.host or parsed.query)):
        raise _no_url(text)
    if kind == "sqlite" and (not parsed.database or parsed.database == ":memory:"):
        raise UsageError("A database in memory keeps nothing: write sqlite:///path/to/file.db.")
    return parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed


def _no_url(text: str) -> UsageError:
    # Whatever stands before the last @, or behind a question mark, may be a password.
    host, mark, _ = BEFORE_HOST.sub(rf"\1{HIDDEN}@", text).partition("?")
    masked = f"{host}?{HIDDEN}" if mark else host
    return UsageError(f"{masked!r} is not a database URL: write {EXAMPLES}, and @ : / in a password as %40 %3A %2F.")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {path.parent} cannot be made: {error.strerror}; name another with --database."
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    # Transactions are begun by _begin_immediate: sqlite3's own would begin them too late.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _write_ahead(connection)
    # In WAL mode NORMAL loses no committed row when the process dies, only when the power does.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # The inner pages of the larger indexes take some megabytes at a million articles, more than SQLite's usual 2 MB.
    connection.execute("PRAGMA cache_size = -16384")


def _end_with_client(connection: Any, record: object) -> None:
    del record
    look_for_dead_clients(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Have the database written ahead; while another connection sees to that, SQLite does not wait by itself."""
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(STEP_SECONDS)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a read lock that becomes one may fail, however long it waits."""
    read_only = connection.get_execution_options().get("armcrawl_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
