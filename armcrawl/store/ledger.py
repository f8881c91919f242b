"""Questions to the ledger: what is known, what is missing, where pages came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from armcrawl import clock
from armcrawl.addresses import PageKey
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store import schema
from armcrawl.store.database import reading
from armcrawl.store.places import FIRST_DATED, day_of
from armcrawl.store.upsert import ROWS_AT_ONCE, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Engine

pages = schema.pages

NEVER_ASKED = "never_asked"
# Outcomes that an article was seen under.
SEEN = (Outcome.STORED, Outcome.GONE, Outcome.QUARANTINED, Outcome.REMOVED)
# A section that has only one article of so many is met in the first piece.
PLACES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """What the ledger knows of one section.

    `head` is the highest id stored; `never_asked` counts the ids up to the head that no run has
    asked for; `first_day` and `last_day` are ISO dates of articles, or None; `ranges` are the ids of each
    outcome as first and last of unbroken runs, `never_asked` among them.
    """

    site: str
    section: str
    head: int
    known: int
    outcomes: dict[str, int]
    never_asked: int
    first_day: str | None
    last_day: str | None
    ranges: dict[str, list[tuple[int, int]]]

    @property
    def complete(self) -> float:
        """The share of ids up to the head whose fate is known, from 0 to 1."""
        failed = sum(
            min(last, self.head) - first + 1
            for first, last in self.ranges.get(Outcome.FAILED, [])
            if first <= self.head
        )
        return (self.head - self.never_asked - failed) / self.head if self.head else 1.0


def head(engine: Engine, site: str, section: str) -> int:
    """Return the highest id of a section that an article was ever seen under; 0 without one."""
    with reading(engine) as connection:
        return head_of(connection, site, section)


def head_of(connection: Connection, site: str, section: str) -> int:
    """Return the highest id of a section that an article was ever seen under; 0 without one."""
    query = (
        select(pages.c.number)
        .where(
            pages.c.site == site,
            pages.c.section == section,
            pages.c.number.is_not(None),
            pages.c.outcome.in_(SEEN),
        )
        .order_by(pages.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or 0


def wanted_numbers(engine: Engine, site: str, section: str, first: int, last: int) -> list[int]:
    """Return the ids from `last` down to `first` that were never asked for, or failed, newest first."""
    query = select(pages.c.number).where(
        pages.c.site == site,
        pages.c.section == section,
        pages.c.number.between(first, last),
        pages.c.outcome != Outcome.FAILED,
    )
    with reading(engine) as connection:
        known = set(connection.execute(query).scalars())
    return [number for number in range(last, first - 1, -1) if number not in known]


def count_wanted(engine: Engine, site: str, section: str, first: int, last: int) -> int:
    """Return how many ids from `first` to `last` were never asked for, or failed."""
    query = select(func.count()).where(
        pages.c.site == site,
        pages.c.section == section,
        pages.c.number.between(first, last),
        pages.c.outcome != Outcome.FAILED,
    )
    with reading(engine) as connection:
        return max(0, last - first + 1) - connection.execute(query).scalar_one()


def dates(engine: Engine, site: str, section: str) -> dict[int, date | None]:
    """Return the ids of a section that the ledger knows, each with its article's date or None."""
    articles, versions = schema.articles, schema.article_versions
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.current_version)
    query = (
        select(pages.c.number, versions.c.published_on)
        .select_from(pages.outerjoin(articles, articles.c.page_id == pages.c.id).outerjoin(versions, is_current))
        .where(pages.c.site == site, pages.c.section == section, pages.c.number.is_not(None))
    )
    with reading(engine) as connection:
        return {row.number: row.published_on for row in connection.execute(query)}


def span_of_days(engine: Engine, site: str, section: str, first: date | None, last: date | None) -> tuple[int, int]:
    """Return the ids between which a section's articles of some days are, as far as the ledger can tell."""
    dated = {number: day for number, day in dates(engine, site, section).items() if day is not None}
    low = max((number for number, day in dated.items() if first is not None and day < first), default=0)
    newer = (number for number, day in dated.items() if last is not None and day > last and number > low)
    return low + 1, min(newer, default=head(engine, site, section) + 1) - 1


def unknown_keys(engine: Engine, keys: Sequence[PageKey]) -> list[PageKey]:
    """Return those keys whose fate the ledger does not know, in their order."""
    known: set[tuple[str, str, str]] = set()
    with reading(engine) as connection:
        for start in range(0, len(keys), ROWS_AT_ONCE):
            some = keys[start : start + ROWS_AT_ONCE]
            query = select(pages.c.site, pages.c.section, pages.c.external_id).where(
                pages.c.external_id.in_([key.external_id for key in some]), pages.c.outcome != Outcome.FAILED
            )
            known |= {(row[0], row[1], row[2]) for row in connection.execute(query)}
    return [key for key in keys if tuple(key) not in known]


@dataclass(frozen=True, slots=True)
class Due:
    """A page that is to be asked for, with what a conditional request needs."""

    key: PageKey
    etag: str | None = None
    last_modified: str | None = None


def due(engine: Engine, site: str, sections: Sequence[str], moment: datetime, limit: int) -> list[Due]:
    """Return the pages whose next look is due at a moment, those that wait for the longest first."""
    # Only an article that we hold may be answered by «not modified».
    is_held = pages.c.outcome == Outcome.STORED
    query = (
        select(
            pages.c.site,
            pages.c.section,
            pages.c.external_id,
            case((is_held, pages.c.etag)),
            case((is_held, pages.c.last_modified)),
        )
        .where(pages.c.site == site, pages.c.section.in_(sections), pages.c.next_check_at <= moment)
        .order_by(pages.c.next_check_at, pages.c.number.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        return [Due(PageKey(*row[:3]), *row[3:]) for row in connection.execute(query)]


def check_origin(engine: Engine, site: str, origin: str, *, mixed: bool = False) -> None:
    """Raise UsageError if another server filled the database before, unless `mixed`."""
    table = schema.origins
    with reading(engine) as connection:
        known = set(connection.execute(select(table.c.origin).where(table.c.site == site)).scalars())
    if known and origin not in known and not mixed:
        message = (
            f"This database was filled from {', '.join(sorted(known))}, not from {origin}: "
            "use another --database, or --mixed-origin to mix them."
        )
        raise UsageError(message)


def claim_origin(engine: Engine, site: str, origin: str) -> None:
    """Remember which server fills the database."""
    row = {"site": site, "origin": origin, "first_seen_at": clock.now()}
    with engine.begin() as connection:
        upsert(connection, schema.origins, [row], ("site", "origin"))


def status(engine: Engine) -> list[SectionStatus]:
    """Return what is known of every section that the ledger has a page of."""
    with reading(engine) as connection:
        sections = [
            (row.site, row.section) for row in connection.execute(select(pages.c.site, pages.c.section).distinct())
        ]
        return _with_days(connection, [_section_status(connection, *section) for section in sorted(sections)])


def _section_status(connection: Connection, site: str, section: str) -> SectionStatus:
    is_section = (pages.c.site == site) & (pages.c.section == section)
    numbered = select(pages.c.number, pages.c.outcome).where(is_section, pages.c.number.is_not(None))
    ranges = _ranges(connection.execute(numbered.order_by(pages.c.number)))
    top = max((ranges[outcome][-1][1] for outcome in SEEN if outcome in ranges), default=0)
    holes = [(first, min(last, top)) for first, last in ranges.pop(NEVER_ASKED, []) if first <= top]
    outcomes = {outcome: _size(found) for outcome, found in ranges.items()}
    unnumbered = select(pages.c.outcome, func.count()).where(is_section, pages.c.number.is_(None))
    for outcome, count in connection.execute(unnumbered.group_by(pages.c.outcome)):
        outcomes[outcome] = outcomes.get(outcome, 0) + count
    return SectionStatus(
        site=site,
        section=section,
        head=top,
        known=sum(outcomes.values()),
        outcomes=outcomes,
        never_asked=_size(holes),
        first_day=None,
        last_day=None,
        ranges=ranges | ({NEVER_ASKED: holes} if holes else {}),
    )


def _ranges(rows: Iterable[Any]) -> dict[str, list[tuple[int, int]]]:
    """Return the runs of ids of each outcome, and the holes between them, from rising ids with their outcome.

    All in one loop: a ledger may have a million rows.
    """
    ranges: dict[str, list[tuple[int, int]]] = {}
    begun, last, of = 1, 0, NEVER_ASKED
    for number, outcome in rows:
        if outcome != of or number != last + 1:
            if begun <= last:
                ranges.setdefault(of, []).append((begun, last))
            if number != last + 1:
                ranges.setdefault(NEVER_ASKED, []).append((last + 1, number - 1))
            begun, of = number, outcome
        last = number
    if begun <= last:
        ranges.setdefault(of, []).append((begun, last))
    return ranges


def _size(ranges: Iterable[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in ranges)


def _with_days(connection: Connection, sections: list[SectionStatus]) -> list[SectionStatus]:
    """Add the days of each section's oldest and newest article."""
    dated = {(status.site, status.section) for status in sections if status.head}
    oldest, newest = _ends(connection, dated, newest=False), _ends(connection, dated, newest=True)
    return [
        replace(
            status,
            first_day=oldest.get((status.site, status.section)),
            last_day=newest.get((status.site, status.section)),
        )
        for status in sections
    ]


def _ends(connection: Connection, sections: Iterable[tuple[str, str]], *, newest: bool) -> dict[tuple[str, str], str]:
    """Return the day of each section's newest or oldest article, as far as there is one with a day.

    Places are read in order, a piece at a time, until every section was met: a join with a condition on
    the section is sorted whole by PostgreSQL.
    """
    place, articles = schema.search_documents.c.place, schema.articles
    query = (
        select(place, pages.c.site, pages.c.section)
        .select_from(schema.search_documents)
        .join(articles, articles.c.id == schema.search_documents.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
    )
    wanted, found = set(sections), dict[tuple[str, str], str]()
    order = place.desc() if newest else place
    piece = select(place).where(place >= FIRST_DATED).order_by(order).limit(PLACES_AT_ONCE)
    places = list(connection.execute(piece).scalars())
    while wanted and places:
        for where, site, section in connection.execute(query.where(place.in_(places)).order_by(order)):
            if (site, section) in wanted and (day := day_of(where)) is not None:
                found[site, section] = day.isoformat()
                wanted.discard((site, section))
        places = list(connection.execute(piece.where(place < places[-1] if newest else place > places[-1])).scalars())
    return found
