"""Finding the ids of a day: ids rise with the date, so a few probes are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.store.ledger.ledger import boundary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from armcrawl.items import Page

# A day's ids: to look closer would cost more probes than the pages that it saves.
CLOSE_ENOUGH = 16
# So many ids in a row without a dated article are a gap of years: the span that is left is asked for as a whole.
MAX_DATELESS = 25


class DayFinder:
    """Bisects a section's ids between 1 and `top` by the dates of their articles.

    `known` are the ids that the ledger knows, each with its article's date or None; `fetch` asks for
    one more, and returns None when the run may not ask. `probes` are the pages that were asked for.
    """

    def __init__(self, top: int, known: dict[int, date | None], fetch: Callable[[int], Awaitable[Page | None]]) -> None:
        self.top = top
        self.known = known
        self.fetch = fetch
        self.probes: list[Page] = []

    async def around(self, day: date) -> tuple[int, int]:
        """Return the ids between which a day begins: the last one before it, and the first one of it or later.

        The first is 0 where no article is older, the second `top + 1` where none is as new.
        """
        low, high = boundary(self.known, day, self.top)
        while high - low > CLOSE_ENOUGH and await self._probe(low, high):
            low, high = boundary(self.known, day, self.top)
        return low, high

    async def _probe(self, low: int, high: int) -> bool:
        """Ask for ids near the middle until one shows a dated article; tell whether one did."""
        middle = (low + high) // 2
        unknown = [number for number in range(low + 1, high) if number not in self.known]
        for number in sorted(unknown, key=lambda number: abs(number - middle))[:MAX_DATELESS]:
            page = await self.fetch(number)
            if page is None:
                return False
            self.probes.append(page)
            self.known[number] = page.day
            if self.known[number] is not None:
                return True
        return False
