"""What breaks the contract of a stored article was sent to quarantine: it is told with its reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from armcrawl.items import UNREAD, Outcome

if TYPE_CHECKING:
    from armcrawl.items import Page

logger = logging.getLogger(__name__)


class ValidatePipeline:
    """Logs what could be read and not refined: that is a fault of ours."""

    def process_item(self, item: Page) -> Page:
        """Tell of such a page, and hand it on."""
        if item.outcome is Outcome.QUARANTINED and item.stage not in UNREAD:
            logger.error("%s: %s: %s", item.key, item.stage, item.reason)
        return item
