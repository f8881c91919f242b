"""Finding the ids of a day: ids rise with the date, so a few probes are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.refining import refine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from armcrawl.items import Page

# A day's ids: to look closer would cost more probes than the pages that it saves.
CLOSE_ENOUGH = 16


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
        dated = {number: found for number, found in self.known.items() if found is not None}
        high = min((number for number, found in dated.items() if found >= day), default=self.top + 1)
        low = max((number for number, found in dated.items() if number < high and found < day), default=0)
        while high - low > CLOSE_ENOUGH:
            number = await self._probe(low, high)
            if number is None:
                break
            found = self.known[number]
            if found is not None and found >= day:
                high = number
            else:
                low = number
        return low, high

    async def _probe(self, low: int, high: int) -> int | None:
        """Return the id of a dated article near the middle; None if there is none, or no more may be asked."""
        middle = (low + high) // 2
        for number in sorted(range(low + 1, high), key=lambda number: abs(number - middle)):
            if number in self.known:
                continue
            page = await self.fetch(number)
            if page is None:
                return None
            self.probes.append(page)
            self.known[number] = _date_of(page)
            if self.known[number] is not None:
                return number
        return None


def _date_of(page: Page) -> date | None:
    if page.outcome is not Outcome.STORED or page.article is None:
        return None
    published = refine(page.article, page.fetched_at).article.published
    return published.date if published else None
