"""Questions about articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.store import schema
from armcrawl.store.database import reading

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of a table of articles."""

    key: str
    published_on: date | None
    title: str
    tags: tuple[str, ...]
    source: str | None


def newest(engine: Engine, limit: int) -> list[ArticleRow]:
    """Return the newest published articles, by date and then by id."""
    articles, versions, pages = schema.articles, schema.article_versions, schema.pages
    query = (
        select(articles.c.id, articles.c.key, versions.c.published_on, versions.c.title)
        .join(
            versions,
            (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.published_version),
        )
        .join(pages, pages.c.id == articles.c.page_id)
        .order_by(versions.c.published_on.desc().nulls_last(), pages.c.number.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        found = connection.execute(query).all()
        tags = _names(connection, [row.id for row in found])
        sources = _sources(connection, [row.id for row in found])
    return [
        ArticleRow(row.key, row.published_on, row.title, tuple(tags.get(row.id, ())), sources.get(row.id))
        for row in found
    ]


def _names(connection: Connection, article_ids: list[int]) -> dict[int, list[str]]:
    links, tags = schema.article_tags, schema.tags
    query = (
        select(links.c.article_id, tags.c.name)
        .join(tags, tags.c.id == links.c.tag_id)
        .where(links.c.article_id.in_(article_ids))
        .order_by(links.c.article_id, links.c.position)
    )
    names: dict[int, list[str]] = {}
    for article_id, name in connection.execute(query):
        names.setdefault(article_id, []).append(name)
    return names


def _sources(connection: Connection, article_ids: list[int]) -> dict[int, str]:
    links, sources = schema.article_sources, schema.sources
    query = (
        select(links.c.article_id, sources.c.name)
        .join(sources, sources.c.id == links.c.source_id)
        .where(links.c.article_id.in_(article_ids), links.c.position == 0)
    )
    return {row.article_id: row.name for row in connection.execute(query)}
