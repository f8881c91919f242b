"""What a question may cost: time, memory, and a place among the others."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event

from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.store.base.database import set_locally

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")

# Bytes of one value. A page has at most 8 MB, its text no more; `hex` makes two letters of each byte.
MAX_VALUE = 16 << 20
# Bytes that SQLite itself may take, in all connections: what it sorts goes to disk.
MAX_HEAP = 128 << 20
# Characters: a longer pattern is none of a person's, and SQLite does not look at the clock within one comparison.
MAX_PATTERN = 1_000
# To count through all tags of 200,000 articles takes 3 s of a core, and a busy machine may have a tenth of one.
PAGE_SECONDS = 30.0
# Questions of pages that are answered at a time, and how many may wait for them: what one brings is in memory until its
# page is drawn.
PAGES_AT_A_TIME, PAGES_WAITING = 4, 24
# Questions in SQL of one's own, each in a process of its own beside these, and how many may wait for them.
OWN_AT_A_TIME, OWN_WAITING = 2, 8
# Steps of SQLite between two looks at the clock: some tens of microseconds.
STEPS = 10_000

_now = threading.local()


class BusyError(ArmcrawlError):
    """Too many questions wait for an answer."""


class Asking:
    """Answers some questions at a time, each within its time; others wait, and too many are refused."""

    def __init__(self, engine: Engine, at_a_time: int, waiting: int, seconds: float) -> None:
        self.engine, self.seconds = engine, seconds
        self.most = at_a_time + waiting
        self.asked = 0
        self.threads = ThreadPoolExecutor(at_a_time, "asking")

    async def ask(self, function: Callable[..., T], *args: Any) -> T:
        """Return what a function answers of the engine; raises BusyError, and UsageError for what takes too much."""
        if self.asked >= self.most:
            raise BusyError("Сейчас отвечаем на другие вопросы: спросите ещё раз через несколько секунд.")
        self.asked += 1
        try:
            return await self.run(partial(function, self.engine, *args))
        finally:
            self.asked -= 1

    async def run(self, function: Callable[[], T]) -> T:
        """Return what a function answers, in a thread, which it waits for; what has begun to be answered is ended."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._within_limits, function)

    def _within_limits(self, function: Callable[[], T]) -> T:
        _now.deadline = time.monotonic() + self.seconds
        try:
            return function()
        except Exception as error:
            if is_too_large(error):
                raise UsageError("Ответ слишком велик: спросите меньше строк или столбцов.") from error
            if time.monotonic() >= _now.deadline:
                raise UsageError(f"Запрос не уложился в {self.seconds:.0f} с: сузьте его.") from error
            raise
        finally:
            _now.deadline = None

    def close(self) -> None:
        """Begin no further question."""
        self.threads.shutdown(wait=False, cancel_futures=True)


def is_too_large(error: BaseException | None) -> bool:
    """Tell whether there was no memory for an answer, as SQLite says it or as Python does."""
    while error is not None:
        said = str(error)
        if isinstance(error, MemoryError) or "too big" in said or "out of memory" in said:
            return True
        error = error.__cause__
    return False


def bound(engine: Engine) -> None:
    """Bound what any question to a database may take, by whatever connection."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _bound_time)
    else:
        event.listen(engine, "connect", _bound_sqlite)
        # Connections that are there already know nothing of it.
        engine.dispose()


def _bound_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN)
    connection.execute(f"PRAGMA hard_heap_limit = {MAX_HEAP}")
    connection.set_progress_handler(_is_over, STEPS)


def _is_over() -> bool:
    return _left() < 0


def _left() -> float:
    """Return the seconds that this thread's question still has."""
    deadline: float | None = getattr(_now, "deadline", None)
    return PAGE_SECONDS if deadline is None else deadline - time.monotonic()


def _bound_time(connection: Connection) -> None:
    # 0 would be no limit.
    set_locally(connection, f"LOCAL statement_timeout = {max(int(_left() * 1000), 1)}")
