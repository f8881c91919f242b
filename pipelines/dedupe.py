"""Makes sure that every stored article has its fingerprint; it never drops a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from armcrawl.items import Page


class DedupePipeline:
    """Sends an article without a fingerprint to quarantine, as it could not be compared with others."""

    def process_item(self, item: Page) -> Page:
        """Return the page; one whose article was not refined, and so has no fingerprint, as quarantined."""
        if item.article is None or item.article.content_hash:
            return item
        return replace(item, outcome=Outcome.QUARANTINED, stage="dedupe", reason="no fingerprint", article=None)
