"""The archive of a run, written in a process of its own: the crawl never waits for the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from armcrawl.archive import writer_process
from armcrawl.crawling.children import ARCHIVE
from armcrawl.errors import ArchiveError
from armcrawl.processes.worker import Worker, WorkerCrashError

P = ParamSpec("P")
T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable

    from armcrawl.archive.records import Exchange
    from armcrawl.archive.writing import ArchiveTarget
    from armcrawl.items import Record


@dataclass(slots=True)
class Archive:
    """The archive of a run, written by a process of its own."""

    target: ArchiveTarget
    worker: Worker = field(default_factory=partial(Worker, modules=ARCHIVE))

    async def write(self, exchange: Exchange) -> Record:
        """Write a request and its response; raises ArchiveError."""
        return await self._call(writer_process.write, exchange)

    async def sync(self) -> None:
        """Have all that was written on the disk; raises ArchiveError."""
        await self._call(writer_process.sync)

    async def close(self) -> None:
        """Close the file, and end the process once all is where it stays; raises ArchiveError."""
        try:
            await self._call(writer_process.finish)
            while not await self._call(writer_process.is_sent):
                pass
            await self._call(writer_process.close)
        finally:
            await self.worker.close()

    async def _call(self, function: Callable[Concatenate[ArchiveTarget, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self.worker.call(function, self.target, *args, **kwargs)
        except WorkerCrashError as error:
            raise ArchiveError(f"The archive cannot be written: {error}.") from error
