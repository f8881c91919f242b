"""What all refining stages share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

from armcrawl.refining.pages import refine_stage

if TYPE_CHECKING:
    from armcrawl.items import Page

logger = logging.getLogger(__name__)


class RefiningStage:
    """Runs one stage of refining over a page's article; what it notes is counted when the page is stored.

    Our spiders have their pages refined where they are read, in another process, and these pass through; a page of a
    spider that reads by itself is refined here.
    """

    stage: ClassVar[str]

    def process_item(self, item: Page) -> Page:
        """Refine the article, if the page is one, and not refined yet; what cannot be refined goes to quarantine."""
        if item.article is None or item.article.content_hash:
            return item
        page = refine_stage(item, self.stage)
        if page.article is None:
            logger.error("%s: %s", page.key, page.reason)
        return page
