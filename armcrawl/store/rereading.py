"""What is to be read again from the archive, what is stored of it now, and writing what came out otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select, update

from armcrawl.items import Outcome, Pickled
from armcrawl.sites import PageKey
from armcrawl.store import schema
from armcrawl.store.database import reading, writing
from armcrawl.store.documents import article_of, columns, fields_of
from armcrawl.store.stuck import write_stuck
from armcrawl.store.tagging import reread_forms
from armcrawl.store.versions import Version, insert_articles, write_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Page

CAUSE = "re-extraction"
STAGE = "reparse"

pages, articles, versions, captures = schema.pages, schema.articles, schema.article_versions, schema.captures

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
    version: int
    capture_id: int | None
    fetched_at: datetime | None
    archive_file: str | None
    archive_offset: int | None
    is_past: bool = False  # the site took the page away since these bytes came in


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages are to be read again; each may be left open."""

    site: str | None = None
    sections: tuple[str, ...] = ()
    ids: tuple[tuple[int, int], ...] = ()
    since: datetime | None = None


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
    of_version = case((has_article, versions.c.capture_id), else_=newest)
    columns = (
        *(pages.c.id, pages.c.site, pages.c.section, pages.c.external_id),
        *(pages.c.address, pages.c.outcome, pages.c.reason),
    )
    where = (captures.c.id, captures.c.fetched_at, captures.c.archive_file, captures.c.archive_offset)
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.current_version)
    query = (
        select(*columns, articles.c.id, func.coalesce(articles.c.current_version, 0), *where)
        .select_from(
            pages.outerjoin(articles, articles.c.page_id == pages.c.id)
            .outerjoin(versions, is_current)
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
    if wanted.ids:
        query = query.where(or_(*(pages.c.number.between(first, last) for first, last in wanted.ids)))
    with reading(engine) as connection:
        return [Target(row[0], PageKey(*row[1:4]), *tuple(row)[4:]) for row in connection.execute(query)]


def original_of(engine: Engine, page_id: int, moment: datetime) -> tuple[str, int] | None:
    """Return where the bytes are that a revisit refers to: the capture of its page at that moment."""
    query = select(captures.c.archive_file, captures.c.archive_offset).where(
        captures.c.page_id == page_id, captures.c.fetched_at == moment, captures.c.archive_file.is_not(None)
    )
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def stored_fields(engine: Engine, article_ids: Sequence[int]) -> dict[int, Fields]:
    """Return what is stored of the current version of some articles, as `fields_of` returns it for a fresh one."""
    is_current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.current_version)
    query = select(articles.c.id, *columns()).join(versions, is_current).where(articles.c.id.in_(article_ids))
    with reading(engine) as connection:
        return {row.id: fields_of(article_of(row)) for row in connection.execute(query)}


def outcome_after(target: Target, page: Page) -> tuple[str, str | None]:
    """Return what the ledger is to say of a page that was read again, and why.

    One that showed an article and does not any more, to today's parser, is a case for quarantine.
    """
    if target.is_past and target.outcome != Outcome.QUARANTINED:
        return (Outcome.GONE if page.outcome is Outcome.STORED else target.outcome), target.reason
    if page.outcome is not Outcome.STORED:
        return (Outcome.QUARANTINED if target.article_id is not None else page.outcome), page.reason
    if target.is_past:
        return Outcome.GONE, None
    if target.outcome == Outcome.GONE:
        return target.outcome, target.reason
    return Outcome.STORED, None


def write_rereadings(engine: Engine, rereadings: Sequence[tuple[Target, Page]], run_id: int, moment: datetime) -> None:
    """Write what came out otherwise, in one transaction; nothing of when a page was asked for is touched."""
    with writing(engine) as connection:
        removed = _removed(connection, [target.page_id for target, _ in rereadings])
        rereadings = [(target, page) for target, page in rereadings if target.page_id not in removed]
        known = _numbers(connection, [target.page_id for target, _ in rereadings])
        new = [
            (target.page_id, target.key)
            for target, page in rereadings
            if page.outcome is Outcome.STORED and target.page_id not in known
        ]
        ids = dict(zip((page_id for page_id, _ in new), insert_articles(connection, new), strict=True))
        known |= {page_id: (article_id, 0) for page_id, article_id in ids.items()}
        found = [
            Version(
                article_id=known[target.page_id][0],
                number=known[target.page_id][1] + 1,
                key=target.key,
                article=page.article,
                cause=CAUSE,
                capture_id=target.capture_id,
                created_at=moment,
            )
            for target, page in rereadings
            if page.outcome is Outcome.STORED and page.article is not None
        ]
        reread_forms(connection, [version.article for version in found])
        # What a run stored that may not be shown is not shown for being read again: its verdict is that run's.
        held = _holders(connection, [version.article_id for version in found])
        write_versions(connection, [one for one in found if one.article_id not in held], run_id)
        for holder in sorted(set(held.values())):
            aside = [one for one in found if held.get(one.article_id) == holder]
            write_versions(connection, aside, holder, is_withheld=True)
        _write_outcomes(connection, rereadings, moment)


def _holders(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """Return for those of some articles whose current version is withheld the run whose verdict it waits for."""
    is_current = (articles.c.id == versions.c.article_id) & (articles.c.current_version == versions.c.number)
    query = select(versions.c.article_id, versions.c.run_id).join(articles, is_current)
    wanted = query.where(schema.is_withheld, versions.c.run_id.is_not(None), articles.c.id.in_(article_ids))
    return {row.article_id: row.run_id for row in connection.execute(wanted)}


def _numbers(connection: Connection, page_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the article and the number of its current version for each page that has one."""
    query = select(articles.c.page_id, articles.c.id, articles.c.current_version)
    rows = connection.execute(query.where(articles.c.page_id.in_(page_ids)))
    return {row[0]: (row[1], row[2]) for row in rows}


def _removed(connection: Connection, page_ids: Sequence[int]) -> set[int]:
    """Return which pages were taken down since they were read."""
    query = select(pages.c.id).where(pages.c.id.in_(page_ids), pages.c.outcome == Outcome.REMOVED)
    return set(connection.execute(query).scalars())


def _write_outcomes(connection: Connection, rereadings: Sequence[tuple[Target, Page]], moment: datetime) -> None:
    for target, page in rereadings:
        outcome, reason = outcome_after(target, page)
        if (outcome, reason) != (target.outcome, target.reason):
            values = {"outcome": str(outcome), "reason": reason}
            connection.execute(update(pages).where(pages.c.id == target.page_id).values(values))
    stuck = [
        (target.page_id, target.capture_id, page)
        for target, page in rereadings
        if outcome_after(target, page)[0] == Outcome.QUARANTINED
    ]
    write_stuck(connection, stuck, stage=STAGE, moment=moment)
    understood = [
        target.page_id
        for target, page in rereadings
        if outcome_after(target, page)[0] not in {Outcome.QUARANTINED, Outcome.FAILED}
    ]
    table = schema.quarantine
    waiting = table.c.page_id.in_(understood) & table.c.resolved_at.is_(None)
    connection.execute(update(table).where(waiting).values(resolved_at=moment))
