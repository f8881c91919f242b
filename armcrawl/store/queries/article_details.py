"""What a page that shows one article needs beside its history: tags, sources, pictures, links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.store.base import schema
from armcrawl.store.base.sql import is_published

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

articles, versions = schema.articles, schema.article_versions


@dataclass(frozen=True, slots=True)
class Named:
    """A tag or a source: its name, how the page prints it, and its kind."""

    name: str
    form: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A picture or a link inside the text: where it leads, and its caption or words."""

    address: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Details:
    """What is shown of an article; `published_version` is None for one that no run has published.

    `withheld` are the numbers of versions that nothing shows.
    """

    published_version: int | None
    withheld: frozenset[int]
    date_precision: str | None
    word_count: int
    tags: tuple[Named, ...]
    sources: tuple[Named, ...]
    images: tuple[Linked, ...]
    links: tuple[Linked, ...]


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
    tag = select(schema.tags.c.name, tags.c.form, schema.tags.c.kind).join(tags, tags.c.tag_id == schema.tags.c.id)
    source = select(schema.sources.c.name, sources.c.form, sources.c.kind)
    source = source.join(sources, sources.c.source_id == schema.sources.c.id)

    def of_article(query: Select[Any], table: Any) -> Any:
        return connection.execute(query.where(table.c.article_id == row.id).order_by(table.c.position))

    aside = select(versions.c.number).where(schema.is_withheld, versions.c.number.is_not(None))
    return Details(
        row.published_version,
        frozenset(connection.execute(aside.where(versions.c.article_id == row.id)).scalars()),
        row.date_precision,
        row.word_count or 0,
        tags=tuple(Named(*found) for found in of_article(tag, tags)),
        sources=tuple(Named(*found) for found in of_article(source, sources)),
        images=tuple(Linked(*found) for found in of_article(select(images.c.address, images.c.caption), images)),
        links=tuple(Linked(*found) for found in of_article(select(links.c.address, links.c.text), links)),
    )
