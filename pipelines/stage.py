"""What all refining stages share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar, Self

from armcrawl.refining.pages import refine_stage

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from armcrawl.items import Page

logger = logging.getLogger(__name__)


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
        """Refine the article, if the page is one; what cannot be refined goes to quarantine."""
        if item.article is None:
            return item
        known = len(item.article.notes)
        page = refine_stage(item, self.stage)
        if page.article is None:
            logger.error("%s: %s", page.key, page.reason)
            return page
        for note in page.article.notes[known:]:
            self.crawler.stats.inc_value(f"armcrawl/{note}")
        return page
