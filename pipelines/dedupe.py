"""Every stored article has its fingerprint; nothing is ever dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from armcrawl.items import Page


class DedupePipeline:
    """Sees to it that no article is stored that others could not be compared with."""

    def process_item(self, item: Page) -> Page:
        """Hand the page on; an article without a fingerprint, which came in unrefined, goes to quarantine."""
        if item.article is None or item.article.content_hash:
            return item
        return replace(item, outcome=Outcome.QUARANTINED, stage="dedupe", reason="no fingerprint", article=None)
