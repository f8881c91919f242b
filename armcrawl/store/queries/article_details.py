"""What a page that shows one article needs beside its history: tags, sources, pictures, links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.store.base import schema
from armcrawl.store.base.sql import is_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select, Table

articles, versions = schema.articles, schema.article_versions


@dataclass(frozen=True, slots=True)
class Details:
    """What is shown of an article; `published_version` is None for one that no run has vouched for.

    `withheld` are the numbers of versions that nothing shows. Tags and sources are rows with a name and a kind,
    images and links have an address and a text: the caption, or the linked words.
    """

    published_version: int | None
    withheld: frozenset[int]
    date_precision: str | None
    word_count: int
    tags: Sequence[Any]
    sources: Sequence[Any]
    images: Sequence[Any]
    links: Sequence[Any]


def details(connection: Connection, key: str) -> Details | None:
    """Return the details of an article; None where there is none of that key."""
    query = (
        select(articles.c.id, articles.c.published_version, versions.c.date_precision, versions.c.word_count)
        .outerjoin(versions, is_published())
        .where(articles.c.key == key)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    tags, sources, images, links = schema.article_tags, schema.article_sources, schema.images, schema.article_links
    tag = select(schema.tags.c.name, schema.tags.c.kind).join(tags, tags.c.tag_id == schema.tags.c.id)
    source = select(schema.sources.c.name, sources.c.kind).join(sources, sources.c.source_id == schema.sources.c.id)

    def of_article(query: Select[Any], table: Table) -> Sequence[Any]:
        return connection.execute(query.where(table.c.article_id == row.id).order_by(table.c.position)).all()

    aside = select(versions.c.number).where(schema.is_withheld, versions.c.number.is_not(None))
    return Details(
        row.published_version,
        frozenset(connection.execute(aside.where(versions.c.article_id == row.id)).scalars()),
        row.date_precision,
        row.word_count or 0,
        tags=of_article(tag, tags),
        sources=of_article(source, sources),
        images=of_article(select(images.c.address, images.c.caption.label("text")), images),
        links=of_article(select(links.c.address, links.c.text), links),
    )
