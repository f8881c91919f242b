"""How far listings, feeds and sitemaps were read: what came in on a page, and where to go on, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, update

from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import upsert
from armcrawl.store.ledger import sightings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Engine

    from armcrawl.items import Sighting
    from armcrawl.store.ledger.sightings import Shown

walks, source_pages = schema.walks, schema.source_pages
UPDATED = ("etag", "last_modified", "digest", "told", "links", "fetched_at")
# What stands for the source of pages that lead to counted ids: they are no walk.
ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class WalkRecord:
    """A walk through a source, as far as it came; `id` is None until its first page is stored.

    `gap_from` is the newest day that was seen before it, `gap_to` the oldest that it has seen.
    """

    site: str
    source: str
    began_at: datetime
    last_at: datetime
    run_id: int | None = None
    id: int | None = None
    pages: int = 0
    seen: int = 0
    new: int = 0
    reached_known: bool = False
    is_whole: bool = False
    ended: str | None = None
    left_at: str | None = None
    gap_from: date | None = None
    gap_to: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is to go on."""
        return self.left_at is not None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of a source at its last answer.

    `told` is when it was changed, as an index of sitemaps says, `links` are the addresses of articles on an entry, a
    line each.
    """

    address: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    told: str | None = None
    links: str | None = None


def write_step(
    engine: Engine, walk: WalkRecord, page: SourcePage | None, place: str, found: Sequence[Sighting] | None
) -> tuple[WalkRecord, Shown]:
    """Store a page of a walk: what it shows, or that it is as it was (`found` is None), and how far the walk is.

    A step that is written twice, as the database's word was lost, says the same.
    """
    with writing(engine) as connection:
        if found is None:
            sightings.touch(connection, walk.site, walk.source, place, walk.last_at)
            shown = sightings.Shown({})
        else:
            shown = sightings.write_sightings(connection, walk.site, walk.source, place, found, walk.last_at)
        if page is not None:
            _note(connection, walk.site, walk.source, page)
        return _saved(connection, walk), shown


def note_entry(engine: Engine, site: str, page: SourcePage) -> None:
    """Store what a page that leads to counted ids links to, and how to ask whether it changed."""
    with writing(engine) as connection:
        _note(connection, site, ENTRY, page)


def _note(connection: Connection, site: str, source: str, page: SourcePage) -> None:
    row = {"site": site, "source": source, "address": page.address}
    row |= {name: getattr(page, name) for name in UPDATED}
    upsert(connection, source_pages, [row], ("site", "source", "address"), UPDATED)


def save(engine: Engine, walk: WalkRecord) -> WalkRecord:
    """Store how far a walk is."""
    with writing(engine) as connection:
        return _saved(connection, walk)


def _saved(connection: Connection, walk: WalkRecord) -> WalkRecord:
    row = {name: getattr(walk, name) for name in walks.c.keys() if name != "id"}  # noqa: SIM118 - names, not columns
    if walk.id is None:
        is_one = (walks.c.site == walk.site) & (walks.c.source == walk.source) & (walks.c.began_at == walk.began_at)
        known = connection.execute(select(walks.c.id).where(is_one)).scalar()
        walk = replace(walk, id=known)
    if walk.id is not None:
        connection.execute(update(walks).where(walks.c.id == walk.id).values(row))
        return walk
    made = connection.execute(insert(walks).values(row)).inserted_primary_key
    return replace(walk, id=made[0] if made is not None else None)


def open_walks(engine: Engine, site: str, source: str) -> list[WalkRecord]:
    """Return the walks through a source that are to go on, the newest first."""
    with reading(engine) as connection:
        query = select(walks).where(walks.c.site == site, walks.c.source == source, walks.c.left_at.is_not(None))
        return [WalkRecord(**row._mapping) for row in connection.execute(query.order_by(walks.c.id.desc()))]  # noqa: SLF001 - public in SQLAlchemy


def pages_of(engine: Engine, site: str, source: str) -> dict[str, SourcePage]:
    """Return the pages of a source by address, as they last answered."""
    table = source_pages
    columns = [table.c[one.name] for one in fields(SourcePage)]
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(table.c.site == site, table.c.source == source))
        return {row.address: SourcePage(*row) for row in rows}


def sources_of(engine: Engine, site: str, kind: str) -> list[str]:
    """Return the sources of a kind that were ever read, the newest look first."""
    table = source_pages
    query = (
        select(table.c.source)
        .where(table.c.site == site, table.c.source.startswith(f"{kind} ", autoescape=True))
        .group_by(table.c.source)
        .order_by(func.max(table.c.fetched_at).desc(), table.c.source)
    )
    with reading(engine) as connection:
        return list(connection.execute(query).scalars())


def newest_day(engine: Engine, site: str, source: str) -> date | None:
    """Return the newest day that a source has shown."""
    table = schema.sightings
    query = select(func.max(table.c.day)).where(table.c.site == site, table.c.source == source)
    with reading(engine) as connection:
        found: date | None = connection.execute(query).scalar()
    return found


def is_read_to_end() -> ColumnElement[bool]:
    """Return the condition for walks that came to an end, and not to one that is doubtful after a single page."""
    is_further = and_(walks.c.pages > 1, or_(walks.c.ended != "repeat", walks.c.reached_known))
    return and_(walks.c.left_at.is_(None), walks.c.ended != "bound", or_(walks.c.is_whole, is_further))


def was_read(engine: Engine, site: str, source: str) -> bool:
    """Tell whether a walk has come to the end of a source."""
    query = select(walks.c.id).where(walks.c.site == site, walks.c.source == source, is_read_to_end())
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).first() is not None


def was_whole(engine: Engine, site: str, source: str) -> bool:
    """Tell whether the last walk through a source read all of it."""
    query = select(walks.c.is_whole).where(walks.c.site == site, walks.c.source == source)
    with reading(engine) as connection:
        return bool(connection.execute(query.order_by(walks.c.began_at.desc()).limit(1)).scalar())


def number_displaced(engine: Engine, site: str, source: str, began_at: datetime) -> int | None:
    """Return how many articles a source showed on the walk before one, and not on it; None if it is the first."""
    earlier = (walks.c.site == site) & (walks.c.source == source) & (walks.c.began_at < began_at)
    shown = schema.sightings
    is_displaced = (shown.c.site == site) & (shown.c.source == source) & (shown.c.last_seen_at < began_at)
    with reading(engine) as connection:
        before = connection.execute(select(func.max(walks.c.began_at)).where(earlier)).scalar()
        if before is None:
            return None
        query = select(func.count()).where(is_displaced, shown.c.last_seen_at >= before)
        return int(connection.execute(query).scalar_one())


def looked_in_vain(engine: Engine, site: str, kind: str) -> datetime | None:
    """Return when a site was last found to have no source of a kind."""
    table = source_pages
    query = select(table.c.fetched_at).where(table.c.site == site, table.c.source == kind)
    with reading(engine) as connection:
        found: datetime | None = connection.execute(query).scalar()
    return found


def note_vain_look(engine: Engine, site: str, kind: str, moment: datetime) -> None:
    """Note that a site has no source of a kind."""
    row = {"site": site, "source": kind, "address": "", "fetched_at": moment}
    with writing(engine) as connection:
        upsert(connection, source_pages, [row], ("site", "source", "address"), ("fetched_at",))


def forget_source(engine: Engine, site: str, source: str) -> None:
    """Forget where a source is, as it is there no more: it is looked for anew."""
    table = source_pages
    with writing(engine) as connection:
        connection.execute(delete(table).where(table.c.site == site, table.c.source == source))
