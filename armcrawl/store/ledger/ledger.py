"""Questions to the ledger: what is known, what is missing, where pages came from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, select

from armcrawl import clock
from armcrawl.archive.records import Earlier
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.base.database import reading
from armcrawl.store.base.heads import ESTABLISHED, head_among, is_settled
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, origins, pages
from armcrawl.store.base.sql import ROWS_AT_ONCE, chunks, is_current, is_one_of, numbers_of, upsert
from armcrawl.store.ledger.places import sites_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Select

    from armcrawl.items import Page


# Outcomes that an article was seen under.
SEEN = (Outcome.STORED, Outcome.GONE, Outcome.QUARANTINED, Outcome.REMOVED)


def head(engine: Engine, site: str, section: str) -> int:
    """Return the head of a section; see head_of."""
    with reading(engine) as connection:
        return head_of(connection, site, section)


def head_of(connection: Connection, site: str, section: str, also: Mapping[int, date | None] | None = None) -> int:
    """Return the newest id of a section that an article was ever seen under, and that does not stand alone; 0 without.

    `also` are ids of articles that may not be in the ledger yet, with their dates.
    """
    seen = seen_by(connection, site, section)
    if also:
        out = uncounted(connection, site, section)
        seen |= {number: day for number, day in also.items() if number not in out}
    return head_among(seen)


def heads_with(connection: Connection, pages_read: Iterable[Page]) -> dict[tuple[str, str], int]:
    """Return the heads of the sections of some pages, whose articles may not be in the ledger yet."""
    shown: defaultdict[tuple[str, str], dict[int, date | None]] = defaultdict(dict)
    for page in pages_read:
        days = shown[page.key.site, page.key.section]
        if page.article is not None and (number := page.key.number) is not None:
            days[number] = page.day
    return {place: head_of(connection, *place, days) for place, days in shown.items()}


def newest_seen(engine: Engine, site: str, section: str) -> tuple[dict[int, date | None], set[int]]:
    """Return what tells the head of a section, see seen_by, and the ids that do not count."""
    with reading(engine) as connection:
        return seen_by(connection, site, section), uncounted(connection, site, section)


def uncounted(connection: Connection, site: str, section: str) -> set[int]:
    """Return the ids of articles that a person took out of the count: whatever is read on them, they are no head."""
    query = select(pages.c.external_id).where(
        pages.c.site == site, pages.c.section == section, pages.c.number.is_(None), pages.c.outcome.in_(SEEN)
    )
    return {int(name) for name in connection.execute(query).scalars() if name.isdecimal()}


def seen_by(connection: Connection, site: str, section: str, last: int | None = None) -> dict[int, date | None]:
    """Return the newest ids that articles were seen under, as many as tell the head, each with its article's date.

    None of them is above the last one, if there is one.
    """
    is_seen = pages.c.number.is_not(None) & pages.c.outcome.in_(SEEN)
    query = _dated(site, section).where(is_seen).order_by(pages.c.number.desc())
    if last is not None:
        query = query.where(pages.c.number <= last)
    # In nearly every ledger the first few are enough.
    limit = ESTABLISHED
    rows = connection.execute(query.limit(limit)).all()
    found: dict[int, date | None] = {}
    while rows:
        found |= {row.number: row.published_on for row in rows}
        if len(rows) < limit or is_settled(found):
            break
        limit = ROWS_AT_ONCE
        rows = connection.execute(query.where(pages.c.number < rows[-1].number).limit(limit)).all()
    return found


def _dated(site: str, section: str) -> Select[int, date]:
    """Return the query for the ids of a section with the dates of their articles, if they have one."""
    return (
        select(pages.c.number, versions.c.published_on)
        .select_from(pages.outerjoin(articles, articles.c.page_id == pages.c.id).outerjoin(versions, is_current()))
        .where(pages.c.site == site, pages.c.section == section)
    )


def _among_ids(site: str, section: str, first: int, last: int) -> ColumnElement[bool]:
    """Return the condition for the pages of a section with ids from `first` to `last`."""
    return (pages.c.site == site) & (pages.c.section == section) & pages.c.number.between(first, last)


def _is_failed() -> ColumnElement[bool]:
    """Return the condition for the pages that every run has failed to get, and that are to be tried again."""
    return (pages.c.outcome == Outcome.FAILED) & pages.c.next_check_at.is_(None)


def wanted_numbers(engine: Engine, site: str, section: str, first: int, last: int) -> list[int]:
    """Return the ids from `last` down to `first` that were never asked for, newest first."""
    query = select(pages.c.number).where(_among_ids(site, section, first, last)).order_by(pages.c.number)
    with reading(engine) as connection:
        known = numbers_of(connection, query)
    wanted, expected = list[int](), first
    # Nearly all follow one another: a set of all ids takes longer.
    for number in known:
        if number != expected:
            wanted += range(expected, number)
        expected = number + 1
    return [*wanted, *range(expected, last + 1)][::-1]


def failed_numbers(engine: Engine, site: str, section: str, first: int, last: int, limit: int | None) -> list[int]:
    """Return the ids from `last` down to `first` that every run has failed to get, and that are to be tried again."""
    query = select(pages.c.number).where(_among_ids(site, section, first, last), _is_failed())
    with reading(engine) as connection:
        return list(connection.execute(query.order_by(pages.c.number.desc()).limit(limit)).scalars())


def holes_among(engine: Engine, site: str, section: str, first: int, last: int) -> dict[int, bool]:
    """Return the ids from `first` to `last` that the ledger knows, each with whether it is no hole.

    What every run has failed to get may be an article.
    """
    query = select(pages.c.number, pages.c.outcome).where(_among_ids(site, section, first, last))
    with reading(engine) as connection:
        rows = connection.execute(query)
        return {row.number: row.outcome not in (Outcome.MISSING, Outcome.NOT_ARTICLE) for row in rows}


def count_wanted(engine: Engine, site: str, section: str, first: int, last: int) -> int:
    """Return how many ids from `first` to `last` were never asked for, or are to be tried again."""
    known = select(func.count()).where(_among_ids(site, section, first, last))
    # Two counts in indexes: for one of what is settled each row would be read.
    failed = known.where(_is_failed())
    with reading(engine) as connection:
        numbers = [connection.execute(query).scalar_one() for query in (known, failed)]
    return max(0, last - first + 1) - numbers[0] + numbers[1]


def dates(engine: Engine, site: str, section: str, last: int) -> dict[int, date | None]:
    """Return the ids of a section up to the last one that the ledger knows, each with its article's date or None."""
    with reading(engine) as connection:
        rows = connection.execute(_dated(site, section).where(pages.c.number <= last))
        return {row.number: row.published_on for row in rows}


def span_of_days(engine: Engine, site: str, section: str, first: date | None, last: date | None) -> tuple[int, int]:
    """Return the ids between which a section's articles of some days are, as far as the ledger can tell."""
    top = head(engine, site, section)
    known = dates(engine, site, section, top)
    low = boundary(known, first, top)[0] + 1 if first is not None else 1
    high = boundary(known, last + timedelta(days=1), top)[1] - 1 if last is not None else top
    return low, high


def boundary(known: Mapping[int, date | None], day: date, top: int) -> tuple[int, int]:
    """Return the ids between which a day begins: the last one before it, and the first one of it or later.

    The first is 0 where no article is older, the second `top + 1` where none is as new. An article whose date
    does not fit its id, as one that was dated anew, is outvoted by the others: of all places the boundary is
    where the fewest dates are on the wrong side.
    """
    dated = sorted((number, found) for number, found in known.items() if found is not None)
    wrong = sum(found < day for _, found in dated)  # with everything behind the boundary
    best, place = wrong, 0
    for index, (_, found) in enumerate(dated, 1):
        wrong += 1 if found >= day else -1
        if wrong < best:
            best, place = wrong, index
    low = dated[place - 1][0] if place else 0
    return low, dated[place][0] if place < len(dated) else top + 1


def unknown_keys(engine: Engine, keys: Sequence[PageKey]) -> list[PageKey]:
    """Return those keys whose fate the ledger does not know, in their order."""
    query = select(pages.c.site, pages.c.section, pages.c.external_id).where(pages.c.outcome != Outcome.FAILED)
    with reading(engine) as connection:
        known = {tuple(row) for some in chunks(keys) for row in connection.execute(query.where(is_one_of(some)))}
    return [key for key in keys if tuple(key) not in known]


def known_pages(engine: Engine, keys: Sequence[PageKey]) -> dict[PageKey, bool]:
    """Return those of a few pages that the ledger has a row of, each with whether an article was ever seen there."""
    query = select(pages.c.site, pages.c.section, pages.c.external_id, pages.c.outcome).where(is_one_of(keys))
    with reading(engine) as connection:
        outcomes = {PageKey(*row[:3]): row[3] for row in connection.execute(query)}
    return {key: outcomes[key] in SEEN for key in keys if key in outcomes}


class Fate(NamedTuple):
    """What the ledger knows of a page, and why."""

    outcome: Outcome
    reason: str | None


def fates(engine: Engine, keys: Sequence[PageKey]) -> dict[PageKey, Fate]:
    """Return what became of those pages that the ledger has a row of."""
    columns = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.outcome, pages.c.reason, pages.c.last_error)
    with reading(engine) as connection:
        rows = [row for some in chunks(keys) for row in connection.execute(select(*columns).where(is_one_of(some)))]
    return {PageKey(*row[:3]): Fate(Outcome(row.outcome), row.last_error or row.reason) for row in rows}


@dataclass(frozen=True, slots=True)
class Due:
    """A page that is to be asked for, with what a conditional request needs.

    `has_failed` tells that the last run failed to get it; `earlier` is the archived capture of its last body.
    """

    key: PageKey
    etag: str | None = None
    last_modified: str | None = None
    has_failed: bool = False
    earlier: Earlier | None = None
    address: str | None = None


def due(engine: Engine, site: str, sections: Sequence[str], moment: datetime, limit: int) -> list[Due]:
    """Return the pages whose next look is due at a moment, those that wait for the longest first."""
    is_due = (pages.c.site == site) & pages.c.section.in_(sections) & (pages.c.next_check_at <= moment)
    return due_where(engine, is_due, (pages.c.next_check_at, pages.c.number.desc().nulls_last()), limit)


def count_due(engine: Engine, site: str, sections: Sequence[str], moment: datetime) -> int:
    """Return how many pages are due for another look at a moment."""
    is_due = (pages.c.site == site) & pages.c.section.in_(sections) & (pages.c.next_check_at <= moment)
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(pages).where(is_due)).scalar_one()


def due_where(
    engine: Engine, condition: ColumnElement[bool], order: Sequence[ColumnElement[Any]], limit: int
) -> list[Due]:
    """Return so many pages of which a condition holds, in an order, as they are to be asked for again."""
    # Only an article that we hold may be answered by «not modified».
    is_held = pages.c.outcome == Outcome.STORED
    payload, archived = _archived_body()
    query = (
        select(
            *(pages.c.site, pages.c.section, pages.c.external_id, pages.c.address),
            *(case((is_held, pages.c.etag)), case((is_held, pages.c.last_modified)), pages.c.attempts > 0),
            *(payload.label("payload"), archived.label("archived")),
        )
        .where(condition)
        .order_by(*order)
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    earlier = [Earlier(row.payload, row.archived) if row.payload else None for row in rows]
    return [
        Due(PageKey(*row[:3]), row[4], row[5], row[6], one, row.address) for row, one in zip(rows, earlier, strict=True)
    ]


def _archived_body() -> tuple[Any, Any]:
    """Return subqueries of a page: the digest of its last archived body, and when that was archived as a whole."""
    is_archived = (captures.c.page_id == pages.c.id) & captures.c.archive_file.is_not(None)
    payload = select(captures.c.payload_digest).where(is_archived).order_by(captures.c.fetched_at.desc()).limit(1)
    other = captures.alias()
    first = select(func.min(other.c.fetched_at)).where(
        other.c.page_id == pages.c.id,
        other.c.archive_file.is_not(None),
        other.c.payload_digest == payload.correlate(pages).scalar_subquery(),
    )
    return payload.correlate(pages).scalar_subquery(), first.correlate(pages).scalar_subquery()


def has_pages(engine: Engine, site: str) -> bool:
    """Tell whether any page of a site was ever asked for."""
    with reading(engine) as connection:
        return connection.execute(select(pages.c.id).where(pages.c.site == site).limit(1)).first() is not None


def sites_with_pages(engine: Engine) -> set[str]:
    """Return the names of the sites of which any page was ever asked for, declared or not."""
    with reading(engine) as connection:
        return sites_in(connection)


def has_articles(engine: Engine, site: str) -> bool:
    """Tell whether any page of a site has ever shown what may be an article."""
    is_one = pages.c.outcome.not_in([Outcome.MISSING, Outcome.NOT_ARTICLE, Outcome.FAILED])
    with reading(engine) as connection:
        return connection.execute(select(pages.c.id).where(pages.c.site == site, is_one).limit(1)).first() is not None


def check_origin(engine: Engine, site: str, origin: str, *, mixed: bool = False) -> None:
    """Raise UsageError if another server filled the database before, unless `mixed`."""
    known = origins_of(engine, site)
    if known and origin not in known and not mixed:
        raise UsageError(
            f"This database was filled from {', '.join(sorted(known))}, not from {origin}: "
            "use another --database, or --mixed-origin to mix them."
        )


def origins_of(engine: Engine, site: str) -> set[str]:
    """Return the servers that a site's pages were fetched from."""
    with reading(engine) as connection:
        return set(connection.execute(select(origins.c.origin).where(origins.c.site == site)).scalars())


def claim_origin(engine: Engine, site: str, origin: str) -> None:
    """Remember which server fills the database."""
    row = {"site": site, "origin": origin, "first_seen_at": clock.now()}
    with engine.begin() as connection:
        upsert(connection, origins, [row], ("site", "origin"))
