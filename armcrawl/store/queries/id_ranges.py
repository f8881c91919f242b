"""Which ids of a section have which outcome, and which were never asked for, as unbroken runs of ids.

Nobody reads a hundred thousand of them: who wants the last ones reads ids from the highest downwards until these are
there.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from armcrawl.items import Outcome
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import pages
from armcrawl.store.base.sql import numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection, Engine, Select

    from armcrawl.store.queries.status import SectionStatus

# First and last id of each run, rising.
Ranges: TypeAlias = list[tuple[int, int]]

NEVER_ASKED = "never_asked"
# So many ids are read at first, then ten times as many: to read a thousand takes no longer than to ask for them.
IDS_AT_FIRST = 1_000


def id_ranges(engine: Engine, section: SectionStatus, last: int | None = None) -> dict[str, Ranges]:
    """Return the ids of a section by outcome, `never_asked` among them up to the head, as first and last of runs.

    With `last` only so many of each, the highest ones, and one more where there are more.
    """
    if not section.is_counted:
        return {}
    numbered = (
        select(pages.c.number)
        .where(pages.c.site == section.site, pages.c.section == section.section, pages.c.number.is_not(None))
        .order_by(pages.c.number.desc())
    )
    with reading(engine) as connection:
        queries = {one.value: numbered.where(pages.c.outcome == one) for one in Outcome if one in section.outcomes}
        found = {outcome: _highest(connection, query, ranges_of, last) for outcome, query in queries.items()}
        if section.never_asked:
            up_to_head = numbered.where(pages.c.number.between(1, section.head))
            found[NEVER_ASKED] = _highest(connection, up_to_head, lambda known: _between(known, section.head), last)
    return {name: ranges for name, ranges in found.items() if ranges}


def _highest(
    connection: Connection, query: Select[int], made: Callable[[list[int]], Ranges], last: int | None
) -> Ranges:
    """Return the ranges made of what a query finds, read only as far down as the last ones need."""
    if last is None:
        return made(numbers_of(connection, query)[::-1])
    for power in count():
        wanted = IDS_AT_FIRST * 10**power
        numbers = numbers_of(connection, query.limit(wanted))[::-1]
        is_whole = len(numbers) < wanted
        # What ids below would change is not known yet.
        ranges = made(numbers)[0 if is_whole else 1 :]
        if is_whole or len(ranges) > last:
            break
    return ranges[-last - 1 :]


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Return the first and the last of each run of numbers that follow one another, from rising numbers."""
    found: Ranges = []
    first, last = 1, 0
    for number in numbers:
        if number != last + 1:
            if first <= last:
                found.append((first, last))
            first = number
        last = number
    return [*found, (first, last)] if first <= last else found


def _between(numbers: Iterable[int], head: int) -> Ranges:
    """Return what is between rising numbers, from 1 to the head."""
    found, known = Ranges(), 0
    for number in numbers:
        if number != known + 1:
            found.append((known + 1, number - 1))
        known = number
    return [*found, (known + 1, head)] if known < head else found
