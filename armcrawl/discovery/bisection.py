"""Finding the ids of a day: ids rise with the date, so a few probes are enough, whatever holes they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.store.ledger.ledger import boundary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from armcrawl.items import Page

# A day's ids: to look closer would cost more probes than the pages that it saves.
CLOSE_ENOUGH = 16
# Single ids are often without a dated article; so many neighbours without one are taken for a hole. To find the end of
# one, a step that is fooled costs less than a third look at each.
NEIGHBOURS, NEIGHBOURS_AT_END = 3, 2


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
        self.is_over = False

    async def around(self, day: date) -> tuple[int, int]:
        """Return the ids between which a day begins: the last one before it, and the first one of it or later.

        The first is 0 where no article is older, the second `top + 1` where none is as new. If the day begins in a
        hole they are its ends, as far as a few probes tell.
        """
        low, high = boundary(self.known, day, self.top)
        while high - low > CLOSE_ENOUGH and not self.is_over:
            middle, before = (low + high) // 2, high - low
            is_hole = not await self._is_dated(middle)
            if is_hole:
                await self._find_end(middle, high)
                await self._find_end(middle, low)
            low, high = boundary(self.known, day, self.top)
            # A step that was fooled by a small hole leaves the ends far apart: then another one brings much.
            if is_hole and low < middle < high and 2 * (high - low) > before:
                break
        return low, high

    async def _find_end(self, inside: int, outside: int) -> None:
        """Bisect between an id in a hole and one outside, until they are close together."""
        while abs(outside - inside) > CLOSE_ENOUGH and not self.is_over:
            middle = (inside + outside) // 2
            if await self._is_dated(middle, NEIGHBOURS_AT_END):
                outside = middle
            else:
                inside = middle

    async def _is_dated(self, number: int, neighbours: int = NEIGHBOURS) -> bool:
        """Tell whether an id or one of its neighbours shows a dated article; ask for those that are not known."""
        for neighbour in range(number, min(number + neighbours, self.top + 1)):
            if neighbour not in self.known:
                page = await self.fetch(neighbour)
                if page is None:
                    self.is_over = True
                    return False
                self.probes.append(page)
                self.known[neighbour] = page.day
            if self.known[neighbour] is not None:
                return True
        return False
