"""What all refining stages share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from armcrawl.refining import STAGES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from armcrawl.items import Page


class RefiningStage:
    """Runs one stage of refining over a page's article, and counts what it noted."""

    stage: ClassVar[str]

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the stage for a crawler."""
        return cls(crawler)

    def process_item(self, item: Page) -> Page:
        """Refine the article, if the page is one."""
        if item.article is None:
            return item
        before = item.article.notes
        article = STAGES[self.stage](item.article, item.fetched_at)
        for note in article.notes[len(before) :]:
            self.crawler.stats.inc_value(f"armcrawl/{note}")
        return replace(item, article=article)
