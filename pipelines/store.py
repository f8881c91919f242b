"""Pages are written in batches: version, links and ledger row in one transaction."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from armcrawl.crawling.run_extension import RunExtension, run_of
from armcrawl.errors import ArmcrawlError
from armcrawl.store.articles.batches import BatchWriter
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.runs.drift_guard import write_guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrapy.crawler import Crawler
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.store.articles.writing import Written

logger = logging.getLogger(__name__)


class StorePipeline:
    """Stores every page, whatever it turned out to be; a database that refuses ends the run."""

    write: Callable[[Engine, Sequence[Page], Any], Written] = staticmethod(write_guarded)

    def __init__(self, run: RunExtension) -> None:
        self.run = run
        sync = run.archive.sync if run.archive else None
        self.writer = BatchWriter(run.database, run.run_id, run.wrote, self.refused, before=sync, write=self.write)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Write into the database of the crawler's run."""
        return cls(run_of(crawler))

    async def process_item(self, item: Page) -> Page:
        """Hand the page to the writer."""
        await self.writer.add(item)
        return item

    async def close_spider(self) -> None:
        """Write what is left."""
        await self.writer.close()

    def refused(self, error: Exception) -> None:
        """End the run: what is not stored will be asked for again."""
        if isinstance(error, ArmcrawlError):
            self.run.fail(f"{error} What was read since the last batch is not stored, and will be asked for again.")
        else:
            logger.error("A batch could not be written", exc_info=error)
            self.run.fail(f"A batch could not be written: {error!r}.")


class ImportPipeline(StorePipeline):
    """Stores captures of a web archive, which come in any order."""

    write = staticmethod(write_imported)
