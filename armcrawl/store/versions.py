"""Writing versions of articles, with all that hangs on them: links, the search index, which one is current."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from armcrawl import PARSER_VERSION
from armcrawl.store import schema
from armcrawl.store.clustering import join
from armcrawl.store.links import link, unlink
from armcrawl.store.search import index_articles
from armcrawl.store.tagging import forget_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from armcrawl.addresses import PageKey
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


def insert_articles(connection: Connection, pages: Sequence[tuple[int, PageKey]]) -> list[int]:
    """Insert the articles of some pages, by their ids, and return the articles' ids in the same order."""
    if not pages:
        return []
    rows = [
        {"page_id": page_id, "key": str(key), "current_version": 1, "published_version": 1} for page_id, key in pages
    ]
    statement = insert(schema.articles).returning(schema.articles.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def write_versions(connection: Connection, versions: Sequence[Version], run_id: int | None) -> None:
    """Write versions, each the current one of its article from now on."""
    if not versions:
        return
    insert_versions(connection, versions, run_id)
    later = [version for version in versions if version.number > 1]
    left: set[str] = set()
    if later:
        articles = schema.articles
        statement = (
            update(articles)
            .where(articles.c.id == bindparam("article"))
            .values(current_version=bindparam("newest"), published_version=bindparam("newest"))
        )
        connection.execute(statement, [{"article": version.article_id, "newest": version.number} for version in later])
        left = unlink(connection, [(version.article_id, version.article) for version in later])
    link(connection, [(version.article_id, version.article) for version in versions])
    forget_addresses(connection, left)
    join(connection, [(version.article_id, version.number, version.article) for version in versions])
    index_articles(
        connection,
        [
            (
                version.article_id,
                version.key,
                version.article.published.date if version.article.published else None,
                version.article.title,
                version.article.body,
            )
            for version in versions
        ],
    )


def insert_versions(connection: Connection, versions: Sequence[Version], run_id: int | None) -> None:
    """Write versions that others follow: nothing hangs on them."""
    if not versions:
        return
    connection.execute(insert(schema.article_versions), [_row(version, run_id) for version in versions])


def _row(version: Version, run_id: int | None) -> dict[str, Any]:
    article = version.article
    published = article.published
    return {
        "article_id": version.article_id,
        "number": version.number,
        "run_id": run_id,
        "cause": version.cause,
        "capture_id": version.capture_id,
        "parser_version": PARSER_VERSION,
        "created_at": version.created_at,
        "evidence": {field: asdict(found) for field, found in article.evidence.items()},
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "published_on": published.date if published else None,
        "date_precision": published.precision.value if published else None,
        "published_at": published.time if published else None,
        "date_text": article.date_text,
        "attribution": article.attribution.line if article.attribution else None,
        "author": article.author,
        "word_count": article.word_count,
        "content_hash": article.content_hash,
        "text_hash": article.text_hash,
    }
