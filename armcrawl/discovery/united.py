"""Several discoveries of one site as one: each page is asked for once, whoever finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.items import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Discovery
    from armcrawl.sites import PageKey
    from armcrawl.store.ledger.ledger import Due


class United:
    """Lets one discovery after another say what is due."""

    def __init__(self, discoveries: Sequence[Discovery]) -> None:
        self.discoveries = discoveries

    @property
    def witness(self) -> Due | None:
        """A page that the run holds for sure."""
        return next((one.witness for one in self.discoveries if one.witness is not None), None)

    async def due(self, goal: Goal | None) -> AsyncIterator[Page | Due]:
        """Yield what is due, what more than one finds only once."""
        asked: set[PageKey] = set()
        for discovery in self.discoveries:
            async for one in discovery.due(goal):
                if isinstance(one, Page) or one.key not in asked:
                    asked.add(one.key)
                    yield one
