"""Pages are collected and written in batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.store.articles.writing import Written
    from armcrawl.store.base.database_worker import DatabaseWorker

# One transaction costs as much as writing forty pages. No crawl fetches more than 200 in the second
# after which a batch is written anyway, so a batch of that size loses no more when the run is killed.
PAGES_PER_BATCH = 200
# At two seconds a page a batch would fill for minutes; nobody should wait that long to see a page.
MAX_WAIT_SECONDS = 1.0


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
    write: Callable[[Engine, Sequence[Page], Any], Written] = write_batch
    is_refused: bool = False
    waiting: list[Page] = field(default_factory=list)
    timer: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def add(self, page: Page) -> None:
        """Take a page; write the batch if it is full."""
        if self.is_refused:
            return
        # Only quarantine keeps the bytes.
        self.waiting.append(page if page.outcome is Outcome.QUARANTINED else replace(page, body=b""))
        if len(self.waiting) >= PAGES_PER_BATCH:
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
            batch, self.waiting = self.waiting, []
            if not batch or self.is_refused:
                return
            try:
                if self.before is not None:
                    await self.before()
                written = await self.database.call(self.write, batch, self.run_id)
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
