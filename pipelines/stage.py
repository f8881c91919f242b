"""What all refining stages share."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from armcrawl.items import Outcome
from armcrawl.refining import STAGES

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
        before = item.article.notes
        try:
            article = STAGES[self.stage](item.article, item.fetched_at)
        except Exception as error:
            logger.exception("%s could not be refined", item.key)
            reason = f"refining failed: {type(error).__name__}: {error}"
            return replace(item, article=None, outcome=Outcome.QUARANTINED, stage=self.stage, reason=reason)
        for note in article.notes[len(before) :]:
            self.crawler.stats.inc_value(f"armcrawl/{note}")
        return replace(item, article=article)
