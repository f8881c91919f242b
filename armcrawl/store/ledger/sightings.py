"""What listings, feeds and sitemaps show: articles that may not be in the ledger yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select, tuple_, update

from armcrawl.items import Announced, Outcome
from armcrawl.sites import PageKey
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import chunks, insert_for, is_one_of
from armcrawl.store.ledger.ledger import Due

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Select

    from armcrawl.items import Sighting

sightings, pages = schema.sightings, schema.pages

# Clocks differ, and some zones are ahead of ours; what was changed later than that is a slip.
MAX_AHEAD = timedelta(days=1)
# So many looks tell what a source's word is worth; a site's rebuilding may move that of a few pages without a change.
MIN_LOOKS = 20
# Of them so many must have shown something new, for the source to be believed.
MIN_FRUITFUL = 0.1
# Whose word of a day counts first: a feed is made of the articles themselves, a listing's day is printed.
ORDER = ("feed", "sitemap", "listing")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the source had shown before a page of it was read: keys with the time when each was first seen."""

    before: dict[PageKey, datetime]


def write_sightings(
    connection: Connection, site: str, source: str, place: str, found: Sequence[Sighting], moment: datetime
) -> Shown:
    """Store what a page of a source shows, and return what the source had shown before."""
    unique = _without_removed(connection, list({one.key: one for one in found}.values()))
    before = _known(connection, site, source, [one.key for one in unique])
    rows = [
        {
            "site": site,
            "section": one.key.section,
            "external_id": one.key.external_id,
            "source": source,
            "place": place,
            "address": one.address,
            "title": one.title,
            "text": one.text,
            "day": one.day,
            "changed_at": _believed(one.changed_at, moment),
            "first_seen_at": moment,
            "last_seen_at": moment,
        }
        for one in unique
    ]
    if rows:
        insert = insert_for(connection, sightings)
        now = insert.excluded
        has_moved = and_(now.changed_at.is_not(None), now.changed_at != sightings.c.changed_at)
        statement = insert.on_conflict_do_update(
            index_elements=["site", "section", "external_id", "source"],
            set_={
                "place": now.place,
                "address": now.address,
                "title": func.coalesce(now.title, sightings.c.title),
                "text": func.coalesce(now.text, sightings.c.text),
                # The day of publication does not move: so a page that is read again is dated as it was.
                "day": func.coalesce(sightings.c.day, now.day),
                "changed_at": func.coalesce(now.changed_at, sightings.c.changed_at),
                "moved_at": case((has_moved, now.last_seen_at), else_=sightings.c.moved_at),
                "last_seen_at": now.last_seen_at,
            },
        )
        connection.execute(statement, rows)
    return Shown(before)


def _without_removed(connection: Connection, found: Sequence[Sighting]) -> list[Sighting]:
    """Return what a source shows, without its words for pages that were taken down."""
    query = select(pages.c.site, pages.c.section, pages.c.external_id).where(pages.c.outcome == Outcome.REMOVED)
    removed = {
        PageKey(*row)
        for some in chunks(found)
        for row in connection.execute(query.where(is_one_of(one.key for one in some)))
    }
    return [replace(one, title=None, text=None) if one.key in removed else one for one in found]


def _believed(changed_at: datetime | None, moment: datetime) -> datetime | None:
    """Return a time of change that can be: clocks differ, but nothing was changed the day after tomorrow."""
    if changed_at is None or changed_at > moment + MAX_AHEAD:
        return None
    return min(changed_at, moment)


def _known(connection: Connection, site: str, source: str, keys: Sequence[PageKey]) -> dict[PageKey, datetime]:
    columns = (sightings.c.section, sightings.c.external_id, sightings.c.first_seen_at)
    query = select(*columns).where(sightings.c.site == site, sightings.c.source == source)
    known: dict[PageKey, datetime] = {}
    for some in chunks(keys):
        condition = sightings.c.external_id.in_([key.external_id for key in some])
        for row in connection.execute(query.where(condition)):
            known[PageKey(site, row.section, row.external_id)] = row.first_seen_at
    return {key: known[key] for key in keys if key in known}


def touch(connection: Connection, site: str, source: str, place: str, moment: datetime) -> int:
    """Note that a page of a source is as it was: all that it showed is still there; return how many."""
    is_there = (sightings.c.site == site) & (sightings.c.source == source) & (sightings.c.place == place)
    return connection.execute(update(sightings).where(is_there).values(last_seen_at=moment)).rowcount


def unasked(
    engine: Engine,
    site: str,
    sections: Collection[str],
    limit: int,
    days: tuple[date | None, date | None] = (None, None),
    *,
    is_dated: bool = False,
) -> list[Due]:
    """Return pages that were seen and never asked for, the newest first.

    Where they are to be of some days, those without a day are among them unless they were changed for the last time
    before: nothing else tells. With `is_dated` they are not: a source that tells their days may not be read yet.
    """
    with reading(engine) as connection:
        order = func.coalesce(func.max(sightings.c.day), func.max(func.date(sightings.c.changed_at)))
        query = unasked_of(site, sections, days).order_by(order.desc().nulls_last(), func.min(sightings.c.id))
        if is_dated:
            query = query.having(func.max(sightings.c.day).is_not(None))
        return [
            Due(PageKey(site, row.section, row.external_id), address=row.address)
            for row in connection.execute(query.limit(limit))
        ]


def count_unasked(
    engine: Engine, site: str, sections: Collection[str], days: tuple[date | None, date | None] = (None, None)
) -> int:
    """Return how many pages that are."""
    found = unasked_of(site, sections, days).subquery()
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def unasked_of(
    site: str, sections: Collection[str], days: tuple[date | None, date | None] = (None, None)
) -> Select[Any]:
    """Return the query for pages that were seen and never asked for."""
    query = (
        select(sightings.c.section, sightings.c.external_id, func.min(sightings.c.address).label("address"))
        .select_from(sightings.outerjoin(pages, is_page()))
        .where(sightings.c.site == site, sightings.c.section.in_(sections), pages.c.id.is_(None))
        .group_by(sightings.c.section, sightings.c.external_id)
    )
    # What one source says of a day counts for all: a sitemap tells none, and a listing beside it does.
    first, last = days
    day, changed_on = func.max(sightings.c.day), func.max(func.date(sightings.c.changed_at))
    if first is not None:
        # As text on SQLite, as a day on PostgreSQL: both compare days.
        is_later = or_(changed_on.is_(None), changed_on >= func.date(first.isoformat()))
        query = query.having(or_(day >= first, and_(day.is_(None), is_later)))
    if last is not None:
        query = query.having(or_(day.is_(None), day <= last))
    return query


def is_page() -> ColumnElement[bool]:
    """Return the condition that joins a sighting with the page that it is of."""
    return and_(
        pages.c.site == sightings.c.site,
        pages.c.section == sightings.c.section,
        pages.c.external_id == sightings.c.external_id,
    )


def changed(engine: Engine, site: str, sections: Collection[str], limit: int, ignored: Collection[str]) -> list[Due]:
    """Return the pages that a source says were changed after our last look; some sources are not believed."""
    is_held = pages.c.outcome == Outcome.STORED
    query = (
        select(
            sightings.c.section,
            sightings.c.external_id,
            case((is_held, pages.c.etag)).label("etag"),
            case((is_held, pages.c.last_modified)).label("last_modified"),
            pages.c.address,
        )
        .select_from(sightings.join(pages, is_page()))
        .where(
            sightings.c.site == site,
            sightings.c.section.in_(sections),
            sightings.c.source.not_in(ignored),
            _is_newer(),
            # A look that failed is tried again with the others that did.
            pages.c.attempts == 0,
            pages.c.outcome != Outcome.REMOVED,
        )
        .order_by(sightings.c.changed_at.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    found = {PageKey(site, row.section, row.external_id): row for row in rows}
    return [Due(key, row.etag, row.last_modified, address=row.address) for key, row in found.items()]


def note_asked(engine: Engine, keys: Sequence[PageKey]) -> None:
    """Note for which time of change pages are asked for again: what they show tells what the source is worth."""
    with writing(engine) as connection:
        for key in keys:
            is_one = (sightings.c.site == key.site) & (sightings.c.section == key.section)
            is_one &= sightings.c.external_id == key.external_id
            because = select(pages.c.id).where(is_page(), _is_newer()).exists()
            connection.execute(update(sightings).where(is_one, because).values(asked_for=sightings.c.changed_at))


def _is_newer() -> ColumnElement[bool]:
    """Return the condition for what a source says was changed after our last look."""
    return or_(sightings.c.changed_at > pages.c.fetched_at, sightings.c.moved_at > pages.c.fetched_at)


def lying(engine: Engine, site: str) -> set[str]:
    """Return the sources for whose word many pages were looked at again, and nearly none had changed."""
    is_vain = and_(pages.c.checks > 0, pages.c.outcome == Outcome.STORED)
    query = (
        select(sightings.c.source, func.count(), func.sum(case((is_vain, 1), else_=0)))
        .select_from(sightings.join(pages, is_page()))
        .where(sightings.c.site == site, sightings.c.asked_for.is_not(None), sightings.c.asked_for < pages.c.fetched_at)
        .group_by(sightings.c.source)
    )
    with reading(engine) as connection:
        return {
            source
            for source, looks, vain in connection.execute(query)
            if looks >= MIN_LOOKS and looks - vain < MIN_FRUITFUL * looks
        }


def failed(engine: Engine, site: str, sections: Collection[str], limit: int | None) -> list[Due]:
    """Return the pages that every run has failed to get, the newest first: they are to be tried again."""
    query = (
        select(pages.c.section, pages.c.external_id, pages.c.address)
        .where(
            pages.c.site == site,
            pages.c.section.in_(sections),
            pages.c.outcome == Outcome.FAILED,
            pages.c.next_check_at.is_(None),
        )
        .order_by(pages.c.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return [Due(PageKey(site, row.section, row.external_id), has_failed=True, address=row.address) for row in rows]


def newest_stored(engine: Engine, site: str, sections: Collection[str]) -> Due | None:
    """Return the page that was stored last: when all others are missing, it tells whether the site is there."""
    query = (
        select(pages.c.section, pages.c.external_id, pages.c.address)
        .where(pages.c.site == site, pages.c.section.in_(sections), pages.c.outcome == Outcome.STORED)
        .order_by(pages.c.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return Due(PageKey(site, row.section, row.external_id), address=row.address) if row is not None else None


def announced(engine: Engine, keys: Sequence[PageKey]) -> dict[PageKey, Announced]:
    """Return what sources say of some pages, each the word of the source that is believed first."""
    columns = (sightings.c.site, sightings.c.section, sightings.c.external_id, sightings.c.source)
    query = select(*columns, sightings.c.day, sightings.c.title, sightings.c.text)
    identity = tuple_(*columns[:3])
    found: dict[PageKey, list[tuple[int, str, Any]]] = {}
    with reading(engine) as connection:
        for some in chunks(keys):
            for row in connection.execute(query.where(identity.in_([tuple(key) for key in some]))):
                kind = row.source.partition(" ")[0]
                rank = ORDER.index(kind) if kind in ORDER else len(ORDER)
                found.setdefault(PageKey(*row[:3]), []).append((rank, row.source, row))
    return {key: said for key, rows in found.items() if (said := _said(rows)) is not None}


def _said(rows: list[tuple[int, str, Any]]) -> Announced | None:
    ordered = [row for _, _, row in sorted(rows, key=lambda one: one[:2])]
    dated = next((row for row in ordered if row.day is not None), None)
    named = next((row for row in ordered if row.title), None)
    full = next((row for row in ordered if row.text), None)
    chosen = next((row for row in (dated, named, full) if row is not None), None)
    if chosen is None:
        return None
    return Announced(
        chosen.source.partition(" ")[0],
        dated.day if dated is not None else None,
        named.title if named is not None else None,
        full.text if full is not None else None,
    )


def has_sightings(engine: Engine, site: str) -> bool:
    """Tell whether any source of a site has shown anything."""
    with reading(engine) as connection:
        return connection.execute(select(sightings.c.id).where(sightings.c.site == site).limit(1)).first() is not None
