"""Which id is a section's head: the newest one, unless it stands alone far above all others.

Ids are close together, as a site gives out one after another. A lone one far above them is a slip or a test, and
taking it for the head would mean to ask for every id below it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The site gives out ten to twenty ids a day: this is what it gives out in seven weeks or more.
MAX_GAP = 1_000
# A day's articles or two: so many close together are how the site counts, whatever their dates.
ESTABLISHED = 20
# A slip has no neighbour, a tested form has one: three articles with dates that rise are a site that has leapt.
WITNESSES = 3


def head_among(seen: Mapping[int, date | None]) -> int:
    """Return the head of a section: of the ids that articles were seen under, each with its date; 0 without one.

    That is the end of the newest group of at least ESTABLISHED close ids, or without one of the largest group; a group
    above it counts once the dates of its articles show that the site goes on there. In doubt the lower one is the head:
    the next run raises a head that is too low.
    """
    groups = close_groups(seen)
    if not groups:
        return 0
    base = _base(groups)
    above = groups[groups.index(base) + 1 :]
    return next((group[-1] for group in reversed(above) if _goes_on(seen, base, group)), base[-1])


def far_above(seen: Iterable[int]) -> tuple[int, list[int]]:
    """Return where the group that the head is taken from ends (see `head_among`), and the ids far above it."""
    groups = close_groups(seen)
    base = _base(groups) if groups else [0]
    return base[-1], [number for group in groups for number in group if number > base[-1]]


def close_groups(numbers: Iterable[int]) -> list[list[int]]:
    """Part numbers into groups whose neighbours are close, each group rising."""
    groups: list[list[int]] = []
    for number in sorted(numbers):
        if groups and number - groups[-1][-1] <= MAX_GAP:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def is_settled(seen: Iterable[int]) -> bool:
    """Tell whether ids, from the highest downwards, are enough to know the head: no lower one can change it."""
    return any(len(group) >= ESTABLISHED for group in close_groups(seen))


def _base(groups: list[list[int]]) -> list[int]:
    established = [group for group in groups if len(group) >= ESTABLISHED]
    return established[-1] if established else max(groups, key=len)


def _goes_on(seen: Mapping[int, date | None], base: list[int], group: list[int]) -> bool:
    """Tell whether the dates of a group's articles rise from those below."""
    # Ids are given out some days before their articles are dated, so the last ones are not always the newest.
    last = min((day for number in base[-WITNESSES:] if (day := seen[number])), default=date.min)
    rising = 0
    for number in group:
        day = seen[number]
        if day is not None and day >= last:
            rising, last = rising + 1, day
    return rising >= WITNESSES
