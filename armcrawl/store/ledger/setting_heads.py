"""A person decides with which page a section ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, case, cast, select, update

from armcrawl.errors import UsageError
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.heads import head_among
from armcrawl.store.base.schema import pages
from armcrawl.store.base.sql import write_among
from armcrawl.store.ledger.ledger import SEEN, head_of, seen_by

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.sites import PageKey


@dataclass(frozen=True, slots=True)
class NewHead:
    """A section's head before, and the ids of articles above the new one, which do not count any more."""

    before: int
    out: list[int]


def set_head(engine: Engine, key: PageKey, *, is_applied: bool) -> NewHead:
    """Let a section end with a page: what is above it has no number any more, what is not counts again.

    An article without a number stays an article; a page without one is as if nobody had asked for it. Raises
    UsageError for what cannot be a head, and changes nothing unless applied.
    """
    with (writing if is_applied else reading)(engine) as connection:
        is_section = (pages.c.site == key.site) & (pages.c.section == key.section)
        uncounted = select(pages.c.id, pages.c.external_id, pages.c.outcome).where(is_section, pages.c.number.is_(None))
        back = [
            row
            for row in connection.execute(uncounted)
            if row.external_id.isdecimal() and int(row.external_id) <= (key.number or 0)
        ]
        seen = seen_by(connection, key.site, key.section, key.number)
        seen |= {int(row.external_id): None for row in back if row.outcome in SEEN}
        if key.number not in seen:
            below = f": the newest below it is {max(seen)}" if seen else ""
            raise UsageError(f"The ledger knows no article {key}{below}.")
        if (found := head_among(seen)) != key.number:
            raise UsageError(f"{key} stands alone, so the head would be {found}: three articles near it make it one.")
        before = head_of(connection, key.site, key.section)
        above = is_section & (pages.c.number > key.number)
        query = select(pages.c.number).where(above, pages.c.outcome.in_(SEEN)).order_by(pages.c.number)
        out = list(connection.execute(query).scalars())
        if is_applied:
            due = case((pages.c.outcome.in_(SEEN), pages.c.next_check_at))
            connection.execute(update(pages).where(above).values(number=None, next_check_at=due))
            numbered = update(pages).values(number=cast(pages.c.external_id, BigInteger))
            write_among(connection, numbered, pages.c.id, [row.id for row in back])
    return NewHead(before, out)
