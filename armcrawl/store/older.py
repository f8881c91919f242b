"""Captures that are older than what is stored: their texts become revisions in their true order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from armcrawl.items import Outcome
from armcrawl.store import schema
from armcrawl.store.schedule import next_check
from armcrawl.store.versions import Version, insert_articles, insert_versions, publish, write_versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from armcrawl.items import Page

pages, articles, versions = schema.pages, schema.articles, schema.article_versions
# Above every number of a version that an article comes to.
ASIDE = 1_000_000
CAUSE = "import"


@dataclass(frozen=True, slots=True)
class Existing:
    """A version that is stored."""

    id: int
    number: int
    created_at: datetime
    content_hash: str


def write_older(
    connection: Connection,
    older: Sequence[tuple[int, Page]],
    captures: Mapping[tuple[int, datetime], int],
    run_id: int | None,
) -> None:
    """Add the articles of older captures, by the ids of their pages, to the history of those pages."""
    shown: defaultdict[int, list[Page]] = defaultdict(list)
    for page_id, page in older:
        if page.outcome is Outcome.STORED and page.article is not None:
            shown[page_id].append(page)
    known = _articles(connection, list(shown))
    lost = [(page_id, found[0].key) for page_id, found in shown.items() if page_id not in known]
    for (page_id, _), article_id in zip(lost, insert_articles(connection, lost), strict=True):
        _write_first(connection, page_id, article_id, shown.pop(page_id), captures, run_id)
    existing = _versions(connection, list(known.values()))
    for page_id, found in shown.items():
        _merge(
            connection,
            known[page_id],
            existing[known[page_id]],
            _versions_of(page_id, known[page_id], found, captures),
            run_id,
        )


def _write_first(
    connection: Connection,
    page_id: int,
    article_id: int,
    found: list[Page],
    captures: Mapping[tuple[int, datetime], int],
    run_id: int | None,
) -> None:
    """Write the article of a page that shows none any more."""
    history = _without_repeats(_versions_of(page_id, article_id, found, captures))
    numbered = [replace(version, number=number) for number, version in enumerate(history, 1)]
    insert_versions(connection, numbered[:-1], run_id)
    write_versions(connection, numbered[-1:], run_id)
    row = connection.execute(select(pages.c.outcome, pages.c.fetched_at).where(pages.c.id == page_id)).one()
    if row.outcome in (Outcome.MISSING, Outcome.NOT_ARTICLE):
        values = {
            "outcome": Outcome.GONE.value,
            "checks": 0,
            "next_check_at": next_check(Outcome.GONE, 0, row.fetched_at),
        }
        connection.execute(update(pages).where(pages.c.id == page_id).values(values))


def _versions_of(
    page_id: int, article_id: int, found: Sequence[Page], captures: Mapping[tuple[int, datetime], int]
) -> list[Version]:
    return [
        Version(
            article_id, 0, page.key, page.article, "import", captures.get((page_id, page.fetched_at)), page.fetched_at
        )
        for page in sorted(found, key=lambda page: page.fetched_at)
        if page.article is not None
    ]


def _without_repeats(history: Sequence[Version]) -> list[Version]:
    kept: list[Version] = []
    for version in history:
        if not kept or kept[-1].article.content_hash != version.article.content_hash:
            kept.append(version)
    return kept


def _merge(
    connection: Connection, article_id: int, existing: list[Existing], found: list[Version], run_id: int | None
) -> None:
    """Put older versions among those that are stored."""
    history = in_order(existing, found)
    if len(history) == len(existing):
        return
    last = history[-1]
    is_article, is_its = versions.c.article_id == article_id, articles.c.id == article_id
    shown = _shown(connection, article_id)
    connection.execute(update(versions).where(is_article).values(number=versions.c.number + ASIDE))
    moved = [{"row": entry.id, "to": number} for number, entry in enumerate(history, 1) if isinstance(entry, Existing)]
    statement = update(versions).where(versions.c.id == bindparam("row")).values(number=bindparam("to"))
    connection.execute(statement, moved)
    # What is shown is told by its number, and that is another one now.
    now_shown = select(versions.c.number).where(versions.c.id == shown).scalar_subquery()
    connection.execute(update(articles).where(is_its).values(published_version=now_shown))
    new = [replace(entry, number=number) for number, entry in enumerate(history, 1) if isinstance(entry, Version)]
    insert_versions(connection, new[:-1] if isinstance(last, Version) else new, run_id)
    number = len(history)
    if isinstance(last, Version):
        is_shown, seen_at = _last_look(connection, article_id)
        if not is_shown:
            # The last text that the site showed, before it took the page away.
            write_versions(connection, new[-1:], run_id)
            return
        # What was stored was seen again after it.
        insert_versions(connection, new[-1:], run_id)
        number += 1
        _repeat(connection, existing[-1], number, seen_at)
    if shown == existing[-1].id:
        connection.execute(update(articles).where(is_its).values(current_version=number, published_version=number))
        return
    # What no run vouched for stays withheld, and what the archive tells is shown until it is.
    connection.execute(update(articles).where(is_its).values(current_version=number))
    before = connection.execute(select(articles.c.published_version).where(is_its)).scalar()
    publish(connection, [version for version in new if version.number > (before or 0)][-1:])


def _shown(connection: Connection, article_id: int) -> int | None:
    """Return the row of the version that is shown."""
    is_shown = (articles.c.id == versions.c.article_id) & (articles.c.published_version == versions.c.number)
    query = select(versions.c.id).join(articles, is_shown).where(articles.c.id == article_id)
    return connection.execute(query).scalar()


def _last_look(connection: Connection, article_id: int) -> tuple[bool, datetime]:
    """Return whether the site still shows an article, and when it was last asked."""
    query = select(pages.c.outcome, pages.c.fetched_at).join(articles, articles.c.page_id == pages.c.id)
    row = connection.execute(query.where(articles.c.id == article_id)).one()
    return row.outcome == Outcome.STORED, row.fetched_at


def _repeat(connection: Connection, existing: Existing, number: int, moment: datetime) -> None:
    """Write a stored version once more, as a later one."""
    row = dict(connection.execute(select(versions).where(versions.c.id == existing.id)).mappings().one())
    del row["id"]
    connection.execute(versions.insert().values(row | {"number": number, "created_at": moment}))


def in_order(existing: Sequence[Existing], found: Sequence[Version]) -> list[Existing | Version]:
    """Return stored and older versions by time; what repeats the version before or after it is left out.

    The stored ones keep their order among themselves, whatever their times say.
    """
    history: list[Existing | Version] = []
    waiting = sorted(found, key=lambda version: version.created_at)
    for entry in existing:
        while waiting and waiting[0].created_at < entry.created_at:
            candidate = waiting.pop(0)
            if not history or _hash(history[-1]) != _hash(candidate):
                history.append(candidate)
        while history and isinstance(history[-1], Version) and _hash(history[-1]) == _hash(entry):
            history.pop()
        history.append(entry)
    for candidate in waiting:
        if _hash(history[-1]) != _hash(candidate):
            history.append(candidate)
    return history


def _hash(entry: Existing | Version) -> str:
    return entry.article.content_hash if isinstance(entry, Version) else entry.content_hash


def _articles(connection: Connection, page_ids: Sequence[int]) -> dict[int, int]:
    query = select(articles.c.page_id, articles.c.id).where(articles.c.page_id.in_(page_ids))
    return {row[0]: row[1] for row in connection.execute(query)}


def _versions(connection: Connection, article_ids: Sequence[int]) -> defaultdict[int, list[Existing]]:
    columns: tuple[Any, ...] = (versions.c.id, versions.c.number, versions.c.created_at, versions.c.content_hash)
    query = select(versions.c.article_id, *columns).where(versions.c.article_id.in_(article_ids))
    found: defaultdict[int, list[Existing]] = defaultdict(list)
    for row in connection.execute(query.order_by(versions.c.article_id, versions.c.number)):
        found[row[0]].append(Existing(*tuple(row)[1:]))
    return found
