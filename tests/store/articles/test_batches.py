"""Pages are collected and written by a process of its own."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import ArchiveError, DatabaseError
from armcrawl.items import Outcome
from armcrawl.store.articles import batches
from armcrawl.store.articles.batches import BatchWriter, pages_in
from armcrawl.store.base.database_worker import DatabaseWorker
from tests.store.conftest import answered, fill_disk, stored
from tests.waiting import CEILING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.store.articles.writing import Written
    from tests.store.conftest import Ask

# Far fewer than a crawl's, as what is proved does not depend on how many.
PAGES_PER_BATCH = 10


@dataclass
class Heard:
    """What a writer reported."""

    written: list[Written] = field(default_factory=list)
    refused: list[Exception] = field(default_factory=list)

    @property
    def new(self) -> list[int]:
        return [batch.new for batch in self.written]


def run(url: str, use: Callable[[BatchWriter], Awaitable[None]]) -> Heard:
    """Use a writer, close it, and return what it reported."""
    heard = Heard()

    async def main() -> None:
        database = DatabaseWorker(url)
        writer = BatchWriter(database, None, heard.written.append, heard.refused.append)
        try:
            await use(writer)
        finally:
            await writer.close()
            await database.close()

    asyncio.run(main())
    return heard


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "PAGES_PER_BATCH", PAGES_PER_BATCH)


@pytest.fixture
def empty(engine: Engine, database: str) -> str:
    """The URL of a database whose tables are made."""
    del engine
    return database


def test_a_full_batch_is_written_at_once(empty: str, ask: Ask) -> None:
    seen: list[int] = []

    async def use(writer: BatchWriter) -> None:
        for number in range(1, PAGES_PER_BATCH + 2):
            await writer.add(stored(number))
        seen.append(ask("SELECT count(*) FROM articles")[0][0])

    run(empty, use)
    assert seen == [PAGES_PER_BATCH]


def test_what_is_left_is_written_at_the_end(empty: str, ask: Ask) -> None:
    async def use(writer: BatchWriter) -> None:
        await writer.add(stored(1))
        await writer.add(answered(Outcome.MISSING, 2))

    heard = run(empty, use)
    assert ask("SELECT external_id, outcome FROM pages ORDER BY 1") == [("1", "stored"), ("2", "missing")]
    assert heard.new == [1]


def test_a_page_does_not_wait_for_a_batch_to_fill(empty: str, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_WAIT_SECONDS", 0.01)
    seen: list[int] = []

    async def use(writer: BatchWriter) -> None:
        written = asyncio.Event()
        writer.on_written = lambda _: written.set()
        for number in (1, 2):
            await writer.add(stored(number))
            async with asyncio.timeout(CEILING_SECONDS):
                await written.wait()
            written.clear()
            seen.append(ask("SELECT count(*) FROM articles")[0][0])

    run(empty, use)
    assert seen == [1, 2]


def test_pages_that_come_at_once_are_each_written_once(empty: str, ask: Ask) -> None:
    total = 2 * PAGES_PER_BATCH + 7

    async def use(writer: BatchWriter) -> None:
        await asyncio.gather(*(writer.add(stored(number)) for number in range(1, total + 1)))

    heard = run(empty, use)
    assert ask("SELECT count(*) FROM captures") == [(total,)]
    assert sum(heard.new) == total


def test_a_writer_without_pages_writes_nothing(empty: str, ask: Ask) -> None:
    async def use(writer: BatchWriter) -> None:
        await writer.flush()

    heard = run(empty, use)
    assert heard == Heard()
    assert ask("SELECT count(*) FROM pages") == [(0,)]


def test_only_quarantine_keeps_the_bytes(empty: str, ask: Ask) -> None:
    async def use(writer: BatchWriter) -> None:
        await writer.add(replace(stored(1), body=b"<html>1"))
        await writer.add(answered(Outcome.QUARANTINED, 2, stage="validate", body=b"<html>2"))
        assert [page.body for page in pages_in(writer.waiting.bytes.getvalue(), 2)] == [b"", b"<html>2"]

    run(empty, use)
    ((body,),) = ask("SELECT body FROM quarantine")
    assert zlib.decompress(body) == b"<html>2"


def test_a_database_that_cannot_be_opened_refuses_once(tmp_path: Path) -> None:
    async def use(writer: BatchWriter) -> None:
        await writer.add(stored(1))
        await writer.flush()
        await writer.add(stored(2))
        await writer.flush()

    heard = run(f"sqlite:///{tmp_path}", use)
    assert heard.written == []
    assert [type(error) for error in heard.refused] == [DatabaseError]


def test_after_a_refused_batch_nothing_more_is_written(empty: str, ask: Ask, engine: Engine) -> None:
    fill_disk(engine, "entities")

    async def use(writer: BatchWriter) -> None:
        await writer.add(stored(1))
        await writer.flush()
        await writer.add(answered(Outcome.MISSING, 2))
        assert writer.waiting.number == 0

    heard = run(empty, use)
    assert heard.written == []
    assert ["disk is full" in str(error) for error in heard.refused] == [True]
    assert ask("SELECT count(*) FROM pages") == [(0,)]


def test_pages_that_came_in_while_a_batch_was_refused_are_not_written_either(empty: str, ask: Ask) -> None:
    heard = Heard()

    async def main() -> None:
        database = DatabaseWorker(empty)

        async def archive_is_full() -> None:
            await writer.add(stored(2))
            raise ArchiveError("no space left")

        writer = BatchWriter(database, None, heard.written.append, heard.refused.append, archive_is_full)
        await writer.add(stored(1))
        await writer.flush()
        await writer.close()
        await database.close()

    asyncio.run(main())
    assert [type(error) for error in heard.refused] == [ArchiveError]
    assert ask("SELECT count(*) FROM pages") == [(0,)]


def test_the_order_of_pages_is_kept(empty: str, ask: Ask) -> None:
    async def use(writer: BatchWriter) -> None:
        for number in (5, 3, 9):
            await writer.add(stored(number))

    run(empty, use)
    assert ask("SELECT external_id FROM pages ORDER BY id") == [("5",), ("3",), ("9",)]
