"""What all refining stages share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

from armcrawl.refining.pages import refine_stage

if TYPE_CHECKING:
    from armcrawl.items import Page

logger = logging.getLogger(__name__)


class RefiningStage:
    """Runs one stage of refining over a page's article; what it notes is counted when the page is stored."""

    stage: ClassVar[str]

    def process_item(self, item: Page) -> Page:
        """Refine the article, if the page is one; what cannot be refined goes to quarantine."""
        if item.article is None:
            return item
        page = refine_stage(item, self.stage)
        if page.article is None:
            logger.error("%s: %s", page.key, page.reason)
        return page
