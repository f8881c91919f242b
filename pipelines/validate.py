"""Logs the pages that were read but went to quarantine, with the reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from armcrawl.items import UNREAD, Outcome

if TYPE_CHECKING:
    from armcrawl.items import Page

logger = logging.getLogger(__name__)


class ValidatePipeline:
    """Logs as errors the pages that could be read but not refined, as that is a fault of armcrawl."""

    def process_item(self, item: Page) -> Page:
        """Log such a page, and return every page unchanged."""
        if item.outcome is Outcome.QUARANTINED and item.stage not in UNREAD:
            logger.error("%s: %s: %s", item.key, item.stage, item.reason)
        return item
