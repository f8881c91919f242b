"""Pages are collected and written in batches."""

from __future__ import annotations

import asyncio
import pickle
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from typing import TypeAlias

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.store.articles.writing import Written
    from armcrawl.store.base.database_worker import DatabaseWorker

    Write: TypeAlias = Callable[[Engine, Sequence[Page], Any], Written]

# One transaction costs as much as writing forty pages. No crawl fetches more than 200 in the second
# after which a batch is written anyway, so a batch of that size loses no more when the run is killed.
PAGES_PER_BATCH = 200
# At two seconds a page a batch would fill for minutes; nobody should wait that long to see a page.
MAX_WAIT_SECONDS = 1.0


class Batch:
    """Pages on their way to the process that writes them.

    Each is pickled as it comes: to pickle a whole batch in one go would hold up the crawl's event loop for 10 ms.
    """

    def __init__(self) -> None:
        self.number = 0
        self.bytes = BytesIO()
        # One for all, so that what pages have in common is in it once.
        self.pickler = pickle.Pickler(self.bytes)

    def add(self, page: Page) -> None:
        """Take a page."""
        self.pickler.dump(page)
        self.number += 1


def pages_in(batch: bytes, number: int) -> list[Page]:
    """Return so many pages of a batch, in their order."""
    unpickler = pickle.Unpickler(BytesIO(batch))  # noqa: S301 - from our own parent
    return [unpickler.load() for _ in range(number)]


def write_pages_in(engine: Engine, write: Write, batch: bytes, number: int, run_id: int | None) -> Written:
    """Write so many pages of a batch."""
    return write(engine, pages_in(batch, number), run_id)


@dataclass(slots=True)
class BatchWriter:
    """Collects pages and writes them.

    `on_written` hears of every batch that is in the database, `on_refused` of one that the database
    did not take; `before` is done before each of them. After a refusal nothing more is written: the ledger
    lacks those pages, so they will be asked for again.
    """

    database: DatabaseWorker
    run_id: int | None
    on_written: Callable[[Written], None]
    on_refused: Callable[[Exception], None]
    before: Callable[[], Awaitable[None]] | None = None
    write: Write = write_batch
    is_refused: bool = False
    waiting: Batch = field(default_factory=Batch)
    timer: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def add(self, page: Page) -> None:
        """Take a page; write the batch if it is full."""
        if self.is_refused:
            return
        # Only quarantine keeps the bytes.
        self.waiting.add(page if page.outcome is Outcome.QUARANTINED else replace(page, body=b""))
        if self.waiting.number >= PAGES_PER_BATCH:
            await self.flush()
        elif self.timer is None:
            self.timer = asyncio.create_task(self._flush_later())

    async def _flush_later(self) -> None:
        await asyncio.sleep(MAX_WAIT_SECONDS)
        self.timer = None
        await self.flush()

    async def flush(self) -> None:
        """Write what is waiting."""
        async with self.lock:
            batch, self.waiting = self.waiting, Batch()
            if not batch.number or self.is_refused:
                return
            try:
                if self.before is not None:
                    await self.before()
                told = (self.write, batch.bytes.getvalue(), batch.number, self.run_id)
                written = await self.database.call(write_pages_in, *told)
            except Exception as error:  # noqa: BLE001 - pages were not stored, and the run must hear of it
                self.is_refused = True
                self.on_refused(error)
            else:
                self.on_written(written)

    async def close(self) -> None:
        """Write what is waiting."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        await self.flush()
