"""Writing versions of articles, with all that hangs on them: links, the search index, which one is current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from armcrawl import PARSER_VERSION
from armcrawl.sites import PageKey
from armcrawl.store import schema
from armcrawl.store.clustering import join
from armcrawl.store.documents import article_of, row_of
from armcrawl.store.links import link, unlink
from armcrawl.store.places import place_of
from armcrawl.store.relations import text_of
from armcrawl.store.search import index_articles
from armcrawl.store.tagging import forget_addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from armcrawl.items import Article


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is to be written, and to be its article's current one; the first has number 1."""

    article_id: int
    number: int
    key: PageKey
    article: Article
    cause: str
    capture_id: int | None
    created_at: datetime


def version_of(row: Any) -> Version:
    """Return the version of a row that has its article's columns and its page's key."""
    key = PageKey(row.site, row.section, row.external_id)
    return Version(row.article_id, row.number, key, article_of(row), row.cause, row.capture_id, row.created_at)


def insert_articles(
    connection: Connection, pages: Sequence[tuple[int, PageKey]], published_version: int | None = 1
) -> list[int]:
    """Insert the articles of some pages, by their ids, and return the articles' ids in the same order."""
    if not pages:
        return []
    rows = [
        {"page_id": page_id, "key": str(key), "current_version": 1, "published_version": published_version}
        for page_id, key in pages
    ]
    statement = insert(schema.articles).returning(schema.articles.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def write_versions(
    connection: Connection, versions: Sequence[Version], run_id: int | None, *, is_withheld: bool = False
) -> None:
    """Write versions, each the current one of its article from now on, and show them unless they are withheld."""
    if not versions:
        return
    insert_versions(connection, versions, run_id, schema.WITHHELD if is_withheld else schema.SHOWN)
    later = [version for version in versions if version.number > 1]
    if later:
        articles = schema.articles
        statement = update(articles).where(articles.c.id == bindparam("article"))
        rows = [{"article": version.article_id, "newest": version.number} for version in later]
        connection.execute(statement.values(current_version=bindparam("newest")), rows)
    if not is_withheld:
        publish(connection, versions)


def publish(connection: Connection, versions: Sequence[Version]) -> None:
    """Show versions: links, search and clusters are theirs from now on. Of an article there is at most one."""
    articles = schema.articles
    before = _shown(connection, [version.article_id for version in versions])
    moved = [
        {"article": version.article_id, "shown": version.number}
        for version in versions
        if before[version.article_id].number != version.number
    ]
    if moved:
        statement = update(articles).where(articles.c.id == bindparam("article"))
        connection.execute(statement.values(published_version=bindparam("shown")), moved)
    relink(connection, versions, [article_id for article_id, shown in before.items() if shown.text])
    join(connection, [(one.article_id, before[one.article_id].text, one.article) for one in versions])
    index(connection, [one for one in versions if not before[one.article_id].is_found_as(one)])


def relink(connection: Connection, versions: Sequence[Version], linked: Collection[int]) -> None:
    """Write tags, sources, images and links of versions; `linked` are the articles that have older ones."""
    links = [(version.article_id, version.article) for version in versions]
    left = unlink(connection, [(article_id, article) for article_id, article in links if article_id in linked])
    link(connection, links)
    forget_addresses(connection, left)


def index(connection: Connection, versions: Sequence[Version]) -> None:
    """Let search find versions."""
    index_articles(connection, [_document(version) for version in versions])


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of an article: the version of this number, and in search and clusters this text at this place.

    Before anything is shown of it, it has neither text nor place, though it may have the number of what is to be.
    """

    number: int | None
    text: str | None
    place: int | None

    def is_found_as(self, version: Version) -> bool:
        """Tell whether search finds a version already: by its text, and at its date."""
        _, key, day, title, body = _document(version)
        return self.text == text_of(title, body) and self.place == place_of(day, key)


def _shown(connection: Connection, article_ids: Sequence[int]) -> dict[int, _Shown]:
    articles, versions, documents = schema.articles, schema.article_versions, schema.search_documents
    is_shown = (versions.c.article_id == documents.c.article_id) & (versions.c.number == articles.c.published_version)
    query = select(
        *(articles.c.id, articles.c.published_version, documents.c.place),
        *(versions.c.title, versions.c.body),
    ).select_from(articles.outerjoin(documents, documents.c.article_id == articles.c.id).outerjoin(versions, is_shown))
    return {
        row.id: _Shown(row.published_version, None if row.title is None else text_of(row.title, row.body), row.place)
        for row in connection.execute(query.where(articles.c.id.in_(article_ids)))
    }


def _document(version: Version) -> tuple[int, PageKey, date | None, str, str]:
    """Return what search finds a version by."""
    article = version.article
    day = article.published.date if article.published else None
    return version.article_id, version.key, day, article.title, article.body


def published_numbers(connection: Connection, article_ids: Sequence[int]) -> dict[int, int | None]:
    """Return the number of the version that is shown, by article."""
    articles = schema.articles
    query = select(articles.c.id, articles.c.published_version).where(articles.c.id.in_(article_ids))
    return {row.id: row.published_version for row in connection.execute(query)}


def insert_versions(
    connection: Connection, versions: Sequence[Version], run_id: int | None, state: str = schema.SHOWN
) -> None:
    """Write versions, of which nothing else is told yet."""
    if versions:
        connection.execute(insert(schema.article_versions), [_row(version, run_id, state) for version in versions])


def _row(version: Version, run_id: int | None, state: str) -> dict[str, Any]:
    return {
        "article_id": version.article_id,
        "number": version.number,
        "run_id": run_id,
        "cause": version.cause,
        "state": state,
        "capture_id": version.capture_id,
        "parser_version": PARSER_VERSION,
        "created_at": version.created_at,
        **row_of(version.article),
    }
