"""What breaks the contract of a stored article goes to quarantine, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.refining.pages import validate

if TYPE_CHECKING:
    from armcrawl.items import Page


class ValidatePipeline:
    """Sends an article that breaks the contract to quarantine."""

    def process_item(self, item: Page) -> Page:
        """Check the article, if the page is one."""
        return validate(item)
