"""What is to be read again from the archive, what is stored of it now, and writing what came out otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from armcrawl.items import Outcome, Pickled
from armcrawl.sites import PageKey
from armcrawl.store.articles.captures import Past, parsed_of, pasts_of, write_readings
from armcrawl.store.articles.documents import NOT_COMPARED, PARTS, SCALARS, article_of, columns
from armcrawl.store.articles.folding import LaterReading
from armcrawl.store.articles.refolding import refold
from armcrawl.store.articles.removal import leave_unwiped
from armcrawl.store.articles.removals import matches, withheld
from armcrawl.store.articles.responses import at_hand, standings_of, write_outcomes
from armcrawl.store.articles.returning import take_down_again
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, pages, quarantine
from armcrawl.store.base.sql import among, is_current
from armcrawl.store.ledger.quarantining import resolve, write_quarantined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, Join, ScalarSelect, Select

    from armcrawl.items import Article, Page
    from armcrawl.store.articles.removals import Match

STAGE = "reparse"
OF_CAPTURE = ("fetched_at", "archive_file", "archive_offset")
# When a reading is made that is only thought of: behind all others.
AFTER_ALL = datetime.max.replace(tzinfo=UTC)


COMPARED_SCALARS = {name: value_of for name, value_of in SCALARS.items() if name not in NOT_COMPARED}


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
class StoredPage:
    """A page to read again, and the row of its current version with COLUMNS, None without an article."""

    target: Target
    version: Any

    def shows(self, article: Article) -> bool:
        """Tell quickly whether the version's row says of an article all that is stored of it: then it can be read."""
        row = self.version
        if row is None or any(getattr(row, name) != value_of(article) for name, value_of in COMPARED_SCALARS.items()):
            return False
        return bool(row.document == {name: part for name, part_of in PARTS.items() if (part := part_of(article))})

    def article(self) -> Article | None:
        """Return the article of the current version, None without one; raises DocumentError if it cannot be read."""
        return article_of(self.version) if self.version is not None else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages are to be read again; each may be left open. `since` and `until` are when their bytes came in."""

    site: str | None = None
    sections: tuple[str, ...] = ()
    ids: tuple[tuple[int, int], ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def page_ids(engine: Engine, wanted: Wanted, chunk: int) -> Iterator[list[int]]:
    """Yield the ids of the pages that are to be read again, in lists of at most so many."""
    after = 0
    while found := _page_ids(engine, wanted, after, chunk):
        yield found
        after = found[-1]


def _page_ids(engine: Engine, wanted: Wanted, after: int, limit: int) -> list[int]:
    query = select(pages.c.id).where(pages.c.id > after, MAY_BE_READ).order_by(pages.c.id).limit(limit)
    if wanted.site:
        query = query.where(pages.c.site == wanted.site)
    if wanted.sections:
        query = query.where(pages.c.section.in_(wanted.sections))
    if wanted.since is not None or wanted.until is not None:
        query = query.select_from(_with_bytes())
    if wanted.since is not None:
        query = query.where(captures.c.fetched_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(captures.c.fetched_at < wanted.until)
    if wanted.ids:
        query = query.where(or_(*(pages.c.number.between(first, last) for first, last in wanted.ids)))
    with reading(engine) as connection:
        return list(connection.execute(query).scalars())


def stored_pages(engine: Engine, ids: Sequence[int]) -> list[StoredPage]:
    """Return what is stored of pages by their ids, in the order of these; those that were taken down are left out."""
    with reading(engine) as connection:
        rows = list(among(connection, OF_PAGES, pages.c.id, ids))
        pasts = pasts_of(connection, [row.id for row in rows])
    return [StoredPage(_target(row, pasts[row.id]), row if row.number is not None else None) for row in rows]


def _with_bytes() -> Join:
    """Return pages with their articles, the current versions of these, and the captures that have their bytes."""
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
    return (
        pages.outerjoin(articles, articles.c.page_id == pages.c.id)
        .outerjoin(versions, is_current())
        .outerjoin(captures, captures.c.id == of_version)
    )


def _quarantined_capture() -> ScalarSelect[int]:
    """Return the capture for which a page was quarantined last."""
    is_of_page = (quarantine.c.page_id == pages.c.id) & quarantine.c.capture_id.is_not(None)
    query = select(quarantine.c.capture_id).where(is_of_page, quarantine.c.resolved_at.is_(None))
    latest = query.order_by(quarantine.c.created_at.desc(), quarantine.c.id.desc()).limit(1)
    return latest.correlate(pages).scalar_subquery()


def _of_pages() -> Select[Any]:
    """Return the query for what is stored of pages."""
    of_page = (pages.c[name] for name in ("id", *PageKey._fields, "address", "outcome", "reason"))
    of_capture = (captures.c.id.label("capture_id"), *(captures.c[name] for name in OF_CAPTURE))
    of_version = (versions.c.article_id, versions.c.number, *columns())
    query = select(*of_page, articles.c.id.label("of_article"), *of_capture, *of_version)
    return query.select_from(_with_bytes()).where(MAY_BE_READ).order_by(pages.c.id)


def _target(row: Any, past: Past) -> Target:
    where = (row.capture_id, row.fetched_at, row.archive_file, row.archive_offset)
    key = PageKey(row.site, row.section, row.external_id)
    return Target(row.id, key, row.address, row.outcome, row.reason, row.of_article, *where, past=past)


# What was taken down is not read, nor is what never brought a page.
MAY_BE_READ = pages.c.outcome.not_in((Outcome.FAILED, Outcome.REMOVED))
# Composed once: that takes longer than to find a chunk of pages.
OF_PAGES = _of_pages()


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
    if page.outcome is Outcome.STORED and target.past.shows_last(target.capture_id or 0):
        return page.outcome.value, page.reason  # as the history would tell, which takes ten times as long
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
