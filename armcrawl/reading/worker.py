"""Reading in a process of its own: a page of any size never holds up the crawl, nor can it kill it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any

from armcrawl.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from armcrawl.items import Reading


class ReaderCrashError(Exception):
    """A page killed the process that read it, twice."""


class ReadingWorker:
    """Reads pages one after another in a child process, which is started anew if a page kills it."""

    def __init__(self) -> None:
        self.pool = _pool()

    async def read(self, body: bytes, url: str, **facts: Any) -> Reading:
        """Read a page as `read_page` does; raises ReaderCrashError if that kills the process."""
        pool = self.pool
        try:
            return await self._submit(body, url, facts)
        except BrokenProcessPool:
            if self.pool is pool:
                self.pool = _pool()
        try:
            return await self._submit(body, url, facts)
        except BrokenProcessPool as error:
            self.pool = _pool()
            raise ReaderCrashError(url) from error

    async def _submit(self, body: bytes, url: str, facts: Mapping[str, Any]) -> Reading:
        return await asyncio.wrap_future(self.pool.submit(_read, body, url, facts))

    def close(self) -> None:
        """End the process."""
        self.pool.shutdown(wait=False, cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    # Spawned, as forking a process that runs threads can lock up the child.
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_serve_parent)


def _read(body: bytes, url: str, facts: Mapping[str, Any]) -> Reading:
    return read_page(body, url, **facts)


def _serve_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
