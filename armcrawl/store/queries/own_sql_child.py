"""The process that answers one question in SQL (`own_sql.py`): it reads, within its memory and its time, and ends.

It imports nothing but what the question needs, so that it starts within a tenth of a second.
"""

from __future__ import annotations

import os
import pickle
import resource
import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import IO, TYPE_CHECKING, Any

from armcrawl.processes.bounds import time_bound
from armcrawl.processes.parent import die_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Letters and bytes of all that one question brings: some hundred long articles. A letter takes up to four bytes in
# Python, and six in JSON.
MAX_ANSWER = 4 << 20
# Bytes that the process may take, Python and the driver among them: the sorters of SQLite go to disk.
MAX_MEMORY = 96 << 20
# Rows that come at once: the bound of the memory sees to large ones.
ROWS_AT_ONCE = 50
TOO_LARGE, SUPERUSER, AWAY = "too large", "superuser", "away"
# How SQLite, PostgreSQL's library, its server and psycopg say that there was no memory for a row.
OUT_OF_MEMORY = ("too big", "out of memory", "memory alloc", "results from command")
# What SQLite may do: read, and call its functions.
ACTIONS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION})
# What it asks of itself: FTS5 whether its data have changed, any table function for its columns.
OF_ITSELF = frozenset({(sqlite3.SQLITE_PRAGMA, "data_version"), (sqlite3.SQLITE_UPDATE, "sqlite_master")})
FUNCTIONS_REFUSED = frozenset({"load_extension", "fts3_tokenizer"})


@dataclass(frozen=True, slots=True)
class Question:
    """A SELECT with its parameters, and to whom it goes: arguments of psycopg's, or a URI of SQLite's."""

    connection: dict[str, Any] | str
    sql: str
    parameters: dict[str, Any]
    max_rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of plain values; `is_cut` if there were more."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool = False


class RefusedError(Exception):
    """The database does not answer; the message is its own, in one line."""


def answer(question: Question) -> Answer:
    """Return what a database answers; raises RefusedError, also with TOO_LARGE, SUPERUSER or AWAY."""
    try:
        if isinstance(question.connection, str):
            return _of_sqlite(question, question.connection)
        return _of_postgresql(question, question.connection)
    except MemoryError as error:
        raise RefusedError(TOO_LARGE) from error
    except RefusedError:
        raise
    except Exception as error:
        # PostgreSQL's longer one quotes our own words around the question.
        said = " ".join(str(getattr(getattr(error, "diag", None), "message_primary", None) or error).split())
        raise RefusedError(TOO_LARGE if any(words in said for words in OUT_OF_MEMORY) else said) from error


def _of_sqlite(question: Question, uri: str) -> Answer:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.set_authorizer(_is_allowed)
    cursor = connection.execute(question.sql, question.parameters)
    return collected([column[0] for column in cursor.description or ()], cursor, question.max_rows)


def _is_allowed(action: int, argument: str | None, other: str | None, *_: object) -> int:
    is_allowed = (action in ACTIONS and other not in FUNCTIONS_REFUSED) or (action, argument) in OF_ITSELF
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _of_postgresql(question: Question, arguments: dict[str, Any]) -> Answer:
    import psycopg

    from armcrawl.store.base.dead_clients import look_for_dead_clients

    try:
        session = psycopg.connect(**arguments)
    except psycopg.OperationalError as error:
        raise RefusedError(AWAY) from error
    with session as connection:
        if connection.info.parameter_status("is_superuser") == "on":
            raise RefusedError(SUPERUSER)
        look_for_dead_clients(connection)
        connection.execute("SET TRANSACTION READ ONLY")
        # A cursor takes one SELECT, and sends its rows piece by piece.
        with connection.cursor(name="answer") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(question.sql, question.parameters)
            columns = [column.name for column in cursor.description or ()]
            return collected(columns, cursor, question.max_rows)


def collected(columns: Sequence[str], found: Iterable[Sequence[Any]], max_rows: int) -> Answer:
    """Return the first rows; raises RefusedError with TOO_LARGE."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in found:
        if len(rows) == max_rows:
            return Answer(tuple(columns), rows, is_cut=True)
        rows.append(tuple(map(plain, row)))
        size += sum(len(value) for value in rows[-1] if isinstance(value, str))
        if size > MAX_ANSWER:
            raise RefusedError(TOO_LARGE)
    return Answer(tuple(columns), rows)


def plain(value: Any) -> Any:
    """Return a value as text, number or None: what both databases have, and every format can write."""
    match value:
        case float() | Decimal() if not isfinite(value):
            return str(value)  # JSON has no such number
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if value.tzinfo else value.isoformat(" ")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
    return str(value)


def _write(message: Answer | str, file: IO[bytes]) -> None:
    pickle.dump(message, file)
    file.flush()


def main() -> None:
    """Answer the question on standard input; what went wrong is answered as a text."""
    die_with(int(sys.argv[1]))
    question: Question = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, hard))
    with time_bound(question.seconds):
        try:
            _write(answer(question), answers)
        except RefusedError as error:
            _write(str(error), answers)


if __name__ == "__main__":
    main()
