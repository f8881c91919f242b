"""In which pieces PostgreSQL's index is asked for the newest hits, or for the oldest.

It gathers all hits of a question before the first of them is known, among a million articles half a million. So it is
asked for some periods of days at a time, until there are enough.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from armcrawl.store.articles.search_index import LEVEL_BITS, LEVELS, period_of, period_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sized

# Articles of the first stretch: a word that one of four has is counted in it.
NEAREST = 4_000
# The next stretch has so many times the hits that are still missing, as these are not spread evenly.
MARGIN = 1.5
# And at most so many times the periods of all before it.
MAX_GROWTH = 16
# Tokens of one question: PostgreSQL compares each article with each. Who would need more asks for all.
MAX_TOKENS = 6
MAX_PERIODS = MAX_TOKENS - 1 << LEVEL_BITS * (LEVELS - 1)


def stretches(start: int, end: int, border: int | None, found: Sized, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last period of each stretch, from that of the place `start` on up to that of `end`.

    That may be the earlier one. The first stretch reaches up to the place `border`, if there is one; how long another
    one is follows from the hits that were `found` by then.
    """
    first, last = period_of(start), period_of(end)
    step = 1 if last >= first else -1
    at, size = first, MAX_PERIODS + 1 if border is None else abs(period_of(border) - first) + 1
    while size <= MAX_PERIODS and (last - at) * step >= size:
        yield _ordered(at, at + step * (size - 1))
        at += step * size
        missing = limit - len(found)
        growth = min(MAX_GROWTH, ceil(MARGIN * missing / len(found))) if found else MAX_GROWTH
        size = abs(at - first) * growth
    yield _ordered(at, last)


def within(first: int, last: int) -> str:
    """Return what stands behind a tsquery to find only the articles of some periods, and of some beside them.

    Nothing for more periods than one question takes.
    """
    for level in range(LEVELS):
        longer = range(first >> level * LEVEL_BITS, (last >> level * LEVEL_BITS) + 1)
        if len(longer) <= MAX_TOKENS:
            return f" & ({' | '.join(repr(period_token(one << level * LEVEL_BITS, level)) for one in longer)})"
    return ""


def _ordered(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
