"""What a question of somebody else may cost: time, memory, and a place among the others."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from armcrawl.analysis.serving.asgi import Application, Receive, Send

# Bytes of one value. A page has at most 8 MB, its text no more; `hex` makes two letters of each byte.
MAX_VALUE = 16 << 20
# Letters and bytes of all that one question brings: a thousand long articles. A letter takes up to four
# bytes in Python, and six in JSON.
MAX_ANSWER = 16 << 20
# Bytes that SQLite itself may take, in all connections: what it sorts goes to disk.
MAX_HEAP = 256 << 20
# Characters: a longer pattern is none of a person's, and SQLite does not look at the clock within one comparison.
MAX_PATTERN = 1_000
# Questions in SQL of one's own at a time, and how many may wait for them; the pages have threads of their own.
OWN_AT_A_TIME, MAX_WAITING = 2, 8
# Milliseconds: who wrote a question himself can write a quicker one.
OWN_TIME_MS = 10_000
# The pages' threads, beside those of one's own SQL.
THREADS = OWN_AT_A_TIME + 4
OWN_SQL = frozenset({"sql", "_where"})
TOO_LARGE = f"the answer has more than {MAX_ANSWER >> 20} million letters: ask for fewer rows or columns"


def limit(connection: sqlite3.Connection) -> None:
    """Bound what any question on a connection may take; what exceeds it is an OperationalError or a DataError."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN)
    connection.execute(f"PRAGMA hard_heap_limit = {MAX_HEAP}")
    connection.row_factory = _Rows()


class _Rows:
    """Makes the rows of a connection, and counts the bytes of one question's."""

    def __init__(self) -> None:
        self.cursor: ref[sqlite3.Cursor] | None = None
        self.size = 0

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        if self.cursor is None or self.cursor() is not cursor:
            # Held weakly: a cursor that lives on holds the database's state of then.
            self.cursor, self.size = ref(cursor), 0
        self.size += sum(len(value) for value in values if isinstance(value, (str, bytes)))
        if self.size > MAX_ANSWER:
            raise sqlite3.OperationalError(TOO_LARGE)
        return sqlite3.Row(cursor, values)


def has_own_sql(scope: Mapping[str, Any]) -> bool:
    """Tell whether a request has SQL of somebody's own in it."""
    return not OWN_SQL.isdisjoint(name for name, _ in _parameters(scope))


def _parameters(scope: Mapping[str, Any]) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


class OwnSqlLimit:
    """Lets few questions in SQL of one's own be answered at a time, and none for long."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.places = asyncio.Semaphore(OWN_AT_A_TIME)
        self.waiting = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request; raises BusyError where too many wait."""
        if scope["type"] != "http" or not has_own_sql(scope):
            await self.application(scope, receive, send)
            return
        if self.waiting >= MAX_WAITING:
            raise BusyError
        self.waiting += 1
        try:
            await self.places.acquire()
        finally:
            self.waiting -= 1
        try:
            await self.application({**scope, "query_string": _in_time(_parameters(scope))}, receive, send)
        finally:
            self.places.release()


class BusyError(Exception):
    """Too many questions wait for an answer."""


def _in_time(parameters: list[tuple[str, str]]) -> bytes:
    """Return a query string that gives the question no more time than ours."""
    given = next((value for name, value in parameters if name == "_timelimit"), "")
    if given.isascii() and given.isdecimal() and int(given[:9]) <= OWN_TIME_MS:
        return urlencode(parameters).encode()
    others = [(name, value) for name, value in parameters if name != "_timelimit"]
    return urlencode([*others, ("_timelimit", OWN_TIME_MS)]).encode()
