"""The database in a process of its own: the crawl never waits for it, and outlives its server's restart."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from armcrawl.errors import DatabaseAwayError, DatabaseError
from armcrawl.processes.bounds import PATIENCE_SECONDS
from armcrawl.processes.worker import Worker, WorkerCrashError
from armcrawl.store.base.database import TURN_MS, open_database, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

# A restart takes seconds, a failover a minute; after two minutes somebody has to look.
WAITS_SECONDS = (1, 2, 4, 8, 15, 30, 30, 30)


class DatabaseWorker:
    """Calls functions that take an engine first, one after another, in a child process that imports `modules` ahead."""

    def __init__(self, url: str, modules: Sequence[str] = ()) -> None:
        self.url = url
        # Who waits for its turn to write hangs no more than who waits for the server.
        self.worker = Worker(PATIENCE_SECONDS + TURN_MS / 1000, modules)
        self.hurried = asyncio.Event()

    def hurry(self) -> None:
        """Wait for a server that is away no longer: whoever calls has no time left."""
        self.hurried.set()

    async def call(self, function: Callable[Concatenate[Engine, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module-level function returns, or raise what it raises.

        While the database's server is away the call is repeated, so the function must do no harm when
        it is done twice. Raises DatabaseAwayError when the server stays away, and DatabaseError when the call
        kills the process, or gives no answer, twice.
        """
        for wait in WAITS_SECONDS:
            try:
                return await self._call(function, *args, **kwargs)
            except DatabaseAwayError as error:
                if self.hurried.is_set():
                    raise
                logger.warning("%s Trying again in %d s.", error, wait)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.hurried.wait(), wait)
        return await self._call(function, *args, **kwargs)

    async def _call(self, function: Callable[Concatenate[Engine, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            answer: T = await self.worker.call(_with_engine, self.url, function, args, kwargs)
        except WorkerCrashError as error:
            raise DatabaseError(f"The database cannot be used: at {function.__name__!r} {error}.") from error
        return answer

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()


def _with_engine(url: str, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    answer = function(_engine(url), *args, **kwargs)
    _check_file(url)
    return answer


@lru_cache(maxsize=1)
def _engine(url: str) -> Engine:
    """Return the child process's own engine."""
    engine = open_database(url)
    _check_file(url)
    return engine


def _check_file(url: str) -> None:
    """Raise DatabaseError if the file was deleted or replaced: SQLite would go on writing what nobody finds."""
    if parse_url(url).get_backend_name() == "sqlite" and _file_now(url) != _file_at_first(url):
        raise DatabaseError(f"{parse_url(url).database} was deleted or replaced while it was in use.")


def _file_now(url: str) -> tuple[int, int] | None:
    try:
        found = Path(parse_url(url).database or "").stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


_file_at_first = lru_cache(maxsize=1)(_file_now)
