"""What breaks the contract of a stored article goes to quarantine, with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.refining.validation import fault_of

if TYPE_CHECKING:
    from armcrawl.items import Page


class ValidatePipeline:
    """Sends an article that breaks the contract to quarantine."""

    def process_item(self, item: Page) -> Page:
        """Check the article, if the page is one."""
        fault = fault_of(item.article) if item.article is not None else None
        if fault is None:
            return item
        return replace(item, outcome=Outcome.QUARANTINED, stage="validate", reason=fault)
