"""How complete a site without counted ids is: what listings, feeds and sitemaps have shown, and how far it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.ledger.sightings import is_page
from armcrawl.store.ledger.walks import is_read_to_end

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Engine, Row

sightings, pages, walks = schema.sightings, schema.pages, schema.walks

# A person looks at some; the database has all.
MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """What a walk did not reach: articles may lack between the newest day before it and the oldest that it saw."""

    since: date | None
    until: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What a source has shown: how many articles, how many of them were asked for, and how it was last walked through.

    `state` is "whole" or "no gap" for a walk to the end or to what was known, "goes on" for one that the next run takes
    up, "one page" for a listing that may have more, and "gap". `gaps` are those that nothing has closed since.
    """

    site: str
    source: str
    seen: int
    known: int
    walked_at: datetime
    pages: int
    state: str
    gaps: tuple[Gap, ...] = ()

    @property
    def complete(self) -> float:
        """The share of what it has shown whose fate is known, from 0 to 1."""
        return self.known / self.seen if self.seen else 1.0


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many stored articles of a site none of its sources shows any more, with some of them."""

    site: str
    number: int
    examples: tuple[str, ...]


def source_status(engine: Engine) -> list[SourceStatus]:
    """Return what each source of each site has shown."""
    counts = (
        select(sightings.c.site, sightings.c.source, func.count(), func.count(pages.c.id))
        .select_from(sightings.outerjoin(pages, is_page()))
        .group_by(sightings.c.site, sightings.c.source)
    )
    with reading(engine) as connection:
        shown = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in connection.execute(counts)}
        columns = (*walks.c, is_read_to_end().label("is_read"))
        all_walks = connection.execute(select(*columns).order_by(walks.c.id)).all()
    last = {(row.site, row.source): row for row in all_walks}
    return [
        SourceStatus(
            *place,
            *shown.get(place, (0, 0)),
            walked_at=row.last_at,
            pages=row.pages,
            state=_state(row, [one for one in all_walks if (one.site, one.source) == place]),
            gaps=tuple(_gaps(place, all_walks)),
        )
        for place, row in sorted(last.items())
    ]


def _state(row: Row[tuple[object, ...]], own: Sequence[Row[tuple[object, ...]]]) -> str:
    if any(one.left_at is not None for one in own):
        return "goes on"
    if row.is_whole:
        return "whole"
    # That a night met known articles does not tell what is behind them.
    if row.source.startswith("listing ") and not any(one.is_read for one in own):
        return "one page"
    if row.reached_known:
        return "no gap"
    return "gap" if row.gap_from is not None else "first look"


def _gaps(place: tuple[str, str], all_walks: Sequence[Row[tuple[object, ...]]]) -> list[Gap]:
    """Return the gaps of a source that neither a walk to its end nor another source has closed since."""
    found: list[Gap] = []
    for row in all_walks:
        is_gap = row.gap_from is not None and row.ended is not None and row.left_at is None
        if (row.site, row.source) != place or not is_gap:
            continue
        later = [one for one in all_walks if one.site == row.site and one.last_at >= row.began_at]
        if not any(one.is_whole or (one.reached_known and one.source != row.source) for one in later):
            found.append(Gap(row.gap_from, row.gap_to, row.began_at))
    return found


def sections_shown(engine: Engine) -> set[tuple[str, str]]:
    """Return the sections, by site and name, of which any source has shown a page."""
    with reading(engine) as connection:
        rows = connection.execute(select(sightings.c.site, sightings.c.section).distinct())
        return {(row.site, row.section) for row in rows}


def unseen(engine: Engine) -> list[Unseen]:
    """Return for each site what is stored and in no source any more; sites without a walk to an end tell nothing."""
    last_whole = func.max(case((walks.c.is_whole, walks.c.began_at)))
    query = select(walks.c.site, walks.c.source, last_whole, func.max(walks.c.began_at))
    with reading(engine) as connection:
        # What another source still shows is not lost, although that one was not read to its end.
        ends: dict[str, list[tuple[str, datetime]]] = {}
        whole: set[str] = set()
        for site, source, at_end, at_last in connection.execute(query.group_by(walks.c.site, walks.c.source)):
            ends.setdefault(site, []).append((source, at_end or at_last))
            whole |= {site} if at_end is not None else set()
        found = [_unseen(connection, site, ends[site]) for site in sorted(whole)]
    return [one for one in found if one.number]


def _unseen(connection: Connection, site: str, sources: Sequence[tuple[str, datetime]]) -> Unseen:
    is_shown = or_(*(and_(sightings.c.source == name, sightings.c.last_seen_at >= at) for name, at in sources))
    shown = select(sightings.c.id).where(is_page(), is_shown).exists()
    seen_sections = select(sightings.c.section).where(sightings.c.site == site).distinct()
    is_lost = and_(pages.c.site == site, pages.c.outcome == Outcome.STORED, pages.c.section.in_(seen_sections), ~shown)
    number = int(connection.execute(select(func.count()).where(is_lost)).scalar_one())
    some = select(pages.c.section, pages.c.external_id).where(is_lost).order_by(pages.c.id.desc()).limit(MAX_EXAMPLES)
    examples = [str(PageKey(site, *row)) for row in connection.execute(some)] if number else []
    return Unseen(site, number, tuple(examples))
