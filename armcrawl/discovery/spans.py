"""Reading a span of ids, newest first, that may have large holes: these are skipped, and what was skipped is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from armcrawl.items import Page

# So many ids in a row without an article begin a hole: in a living section a few of ten are empty.
PATIENCE = 10
# In a hole each step is twice as long as the one before, up to this: who gives out twenty ids a day fills as many in
# two weeks, so that no such island is passed over.
MAX_STEP = 256


class SpanReader:
    """Asks for the ids of a section from the last down to the first, and skips holes by doubling.

    `known` tells of ids whether they may show an article, and grows; `fetch` asks for one more, and returns None when
    the run may not ask. `requests` counts what was asked for.
    """

    def __init__(self, known: dict[int, bool], fetch: Callable[[int], Awaitable[Page | None]]) -> None:
        self.known = known
        self.fetch = fetch
        self.is_over = False
        self.requests = 0

    async def pages(self, first: int, last: int) -> AsyncIterator[Page]:
        """Yield the pages that were asked for."""
        number, missed, empty, step = last, last + 1, 0, 1
        while number >= first:
            if page := await self._look(number):
                yield page
            if self.is_over:
                return
            if self.known[number]:
                async for behind in self._between(number + 1, missed):
                    yield behind
                missed, empty, step = number, 0, 1
            else:
                missed, empty = number, empty + 1
                step = min(2 * step, MAX_STEP) if empty >= PATIENCE else 1
            # The first id is asked for, however long the step.
            number = max(first, number - step) if number > first else first - 1

    def skipped(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the ranges of ids that were not asked for, lowest first."""
        ranges: list[tuple[int, int]] = []
        for number in range(first, last + 1):
            if number in self.known:
                continue
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1] = (ranges[-1][0], number)
            else:
                ranges.append((number, number))
        return ranges

    async def _between(self, first: int, behind: int) -> AsyncIterator[Page]:
        """Yield pages upwards from behind an article that a step came upon, until a hole begins again."""
        empty = 0
        for number in range(first, behind):
            if page := await self._look(number):
                yield page
            if self.is_over:
                return
            empty = 0 if self.known[number] else empty + 1
            if empty >= PATIENCE:
                return

    async def _look(self, number: int) -> Page | None:
        """Ask for an id that is not known, and note whether it may show an article: what failed may."""
        if number in self.known:
            return None
        page = await self.fetch(number)
        if page is None:
            self.is_over = True
            return None
        self.requests += 1
        self.known[number] = page.shows_article or page.outcome is Outcome.FAILED
        return page
