"""What is to be read again from the archive, what is stored of it now, and writing what came out otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from armcrawl.items import Outcome, Pickled
from armcrawl.sites import PageKey
from armcrawl.store.articles.captures import Past, parsed_of, pasts_of, write_readings
from armcrawl.store.articles.folding import LaterReading
from armcrawl.store.articles.refolding import refold
from armcrawl.store.articles.removal import leave_unwiped
from armcrawl.store.articles.removals import matches, withheld
from armcrawl.store.articles.responses import at_hand, standings_of, write_outcomes
from armcrawl.store.articles.returning import take_down_again
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, pages, quarantine
from armcrawl.store.base.sql import is_current
from armcrawl.store.ledger.quarantining import resolve, write_quarantined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, ScalarSelect

    from armcrawl.items import Page
    from armcrawl.store.articles.removals import Match

STAGE = "reparse"
# When a reading is made that is only thought of: behind all others.
AFTER_ALL = datetime.max.replace(tzinfo=UTC)


Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target(Pickled):
    """A page to read again, and where its bytes are: those of its current version, or the newest without one."""

    page_id: int
    key: PageKey
    address: str
    outcome: str
    reason: str | None
    article_id: int | None
    capture_id: int | None
    fetched_at: datetime | None
    archive_file: str | None
    archive_offset: int | None
    is_past: bool = False  # the site took the page away since these bytes came in
    past: Past = field(default_factory=Past)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages are to be read again; each may be left open. `since` and `until` are when their bytes came in."""

    site: str | None = None
    sections: tuple[str, ...] = ()
    ids: tuple[tuple[int, int], ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def targets(engine: Engine, wanted: Wanted, chunk: int) -> Iterator[list[Target]]:
    """Yield the pages that are to be read again, in lists of at most so many."""
    after = 0
    while found := _targets(engine, wanted, after, chunk):
        yield found
        after = found[-1].page_id


def _targets(engine: Engine, wanted: Wanted, after: int, limit: int) -> list[Target]:
    archived = select(func.max(captures.c.fetched_at)).where(
        captures.c.page_id == pages.c.id, captures.c.archive_file.is_not(None)
    )
    newest = (
        select(captures.c.id)
        .where(captures.c.page_id == pages.c.id, captures.c.fetched_at == archived.correlate(pages).scalar_subquery())
        .correlate(pages)
        .scalar_subquery()
    )
    has_article = articles.c.id.is_not(None) & (pages.c.outcome != Outcome.QUARANTINED)
    of_version = case((has_article, versions.c.capture_id), else_=func.coalesce(_quarantined_capture(), newest))
    columns = (pages.c[name] for name in ("id", *PageKey._fields, "address", "outcome", "reason"))
    where = (captures.c[name] for name in ("fetched_at", "archive_file", "archive_offset"))
    query = (
        select(*columns, articles.c.id.label("article_id"), captures.c.id.label("capture_id"), *where)
        .select_from(
            pages.outerjoin(articles, articles.c.page_id == pages.c.id)
            .outerjoin(versions, is_current())
            .outerjoin(captures, captures.c.id == of_version)
        )
        .where(pages.c.id > after, pages.c.outcome.not_in((Outcome.FAILED, Outcome.REMOVED)))
        .order_by(pages.c.id)
        .limit(limit)
    )
    if wanted.site:
        query = query.where(pages.c.site == wanted.site)
    if wanted.sections:
        query = query.where(pages.c.section.in_(wanted.sections))
    if wanted.since is not None:
        query = query.where(captures.c.fetched_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(captures.c.fetched_at < wanted.until)
    if wanted.ids:
        query = query.where(or_(*(pages.c.number.between(first, last) for first, last in wanted.ids)))
    with reading(engine) as connection:
        rows = connection.execute(query).all()
        pasts = pasts_of(connection, [row.id for row in rows])
    return [_target(row, pasts[row.id]) for row in rows]


def _quarantined_capture() -> ScalarSelect[int]:
    """Return the capture for which a page was quarantined last."""
    is_of_page = (quarantine.c.page_id == pages.c.id) & quarantine.c.capture_id.is_not(None)
    query = select(quarantine.c.capture_id).where(is_of_page, quarantine.c.resolved_at.is_(None))
    latest = query.order_by(quarantine.c.created_at.desc(), quarantine.c.id.desc()).limit(1)
    return latest.correlate(pages).scalar_subquery()


def _target(row: Any, past: Past) -> Target:
    where = (row.capture_id, row.fetched_at, row.archive_file, row.archive_offset)
    key = PageKey(row.site, row.section, row.external_id)
    return Target(row.id, key, row.address, row.outcome, row.reason, row.article_id, *where, past=past)


def original_of(engine: Engine, page_id: int, moment: datetime | None, digest: str | None) -> tuple[str, int] | None:
    """Return where the bytes are that a revisit refers to: the capture of its page at that moment.

    Where a clock was repaired the ledger has another moment than the archive: then the first one with these bytes.
    """
    of_page = (captures.c.page_id == page_id) & captures.c.archive_file.is_not(None)
    query = select(captures.c.archive_file, captures.c.archive_offset).order_by(captures.c.fetched_at)
    with reading(engine) as connection:
        for condition in (captures.c.fetched_at == moment, captures.c.payload_digest == digest):
            row = connection.execute(query.where(of_page, condition)).first()
            if row is not None:
                return row[0], row[1]
    return None


def outcome_after(target: Target, page: Page) -> tuple[str, str | None]:
    """Return what the ledger is to say of a page that was read again, and why."""
    parsed = parsed_of(page)
    history = target.past.history(LaterReading(0, target.capture_id or 0, AFTER_ALL, parsed))
    return history.outcome or Outcome.FAILED, history.reason


def write_rereadings(engine: Engine, rereadings: Sequence[tuple[Target, Page]], run_id: int, moment: datetime) -> None:
    """Write what came out otherwise, in one transaction; nothing of when a page was asked for is touched."""
    with writing(engine) as connection:
        standings = standings_of(connection, [target.page_id for target, _ in rereadings])
        # A page that was taken down since it was read stays so.
        found = [(target, page) for target, page in rereadings if standings[target.page_id][0] != Outcome.REMOVED]
        found = _without_removed(connection, found)
        rows = [(target.capture_id, page) for target, page in found if target.capture_id is not None]
        write_readings(connection, rows, run_id, moment)
        keys = {target.page_id: target.key for target, _ in found}
        read = at_hand((target.page_id, page) for target, page in found)
        histories = refold(connection, keys, pasts_of(connection, keys), read, is_anew=True).histories
        write_outcomes(connection, histories, standings)
        _write_quarantine(connection, [(*one, histories[one[0].page_id].outcome) for one in found], moment)


def _without_removed(connection: Connection, found: Sequence[tuple[Target, Page]]) -> list[tuple[Target, Page]]:
    """Take down the pages that turn out to show what was taken down; return the others, some of them withheld."""
    told = list(zip(found, _matches(connection, found), strict=True))
    met = [(target, match) for (target, _), match in told if match and not match.is_shared]
    take_down_again(connection, ((target.key, match) for target, match in met))
    places = [(target.archive_file, target.archive_offset) for target, _ in met]
    leave_unwiped(connection, ((file, offset) for file, offset in places if file is not None and offset is not None))
    gone = {target.page_id for target, _ in met}
    return [
        (target, withheld(page, match) if match else page)
        for (target, page), match in told
        if target.page_id not in gone
    ]


def _matches(connection: Connection, found: Sequence[tuple[Target, Page]]) -> list[Match | None]:
    """Return what pages show of what was taken down; that one redirects there is no news."""
    met = matches(connection, [page for _, page in found])
    return [None if match is not None and match.is_redirect else match for match in met]


def _write_quarantine(
    connection: Connection, found: Sequence[tuple[Target, Page, str | None]], moment: datetime
) -> None:
    quarantined = [
        (target.page_id, target.capture_id, page) for target, page, outcome in found if outcome == Outcome.QUARANTINED
    ]
    write_quarantined(connection, quarantined, stage=STAGE, moment=moment)
    understood = [
        target.page_id for target, _, outcome in found if outcome not in {Outcome.QUARANTINED, Outcome.FAILED, None}
    ]
    resolve(connection, understood, moment)
