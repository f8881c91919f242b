"""Questions about articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.sources import source_key
from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import SOURCE
from armcrawl.store.base.sql import is_published
from armcrawl.store.entities.listing import names_given

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection, Engine, Table


articles, versions, pages = schema.articles, schema.article_versions, schema.pages


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """A published article as tables and search results show it."""

    key: str
    published_on: date | None
    date_precision: str | None
    title: str
    body: str
    address: str
    tags: tuple[str, ...]
    source: str | None


def newest(engine: Engine, limit: int) -> list[ArticleRow]:
    """Return the newest published articles, by date and then by id."""
    query = (
        select(articles.c.id)
        .join(versions, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .order_by(versions.c.published_on.desc().nulls_last(), pages.c.number.desc().nulls_last())
        .limit(limit)
    )
    with reading(engine) as connection:
        return article_rows_of(connection, list(connection.execute(query).scalars()))


def article_rows_of(connection: Connection, article_ids: Sequence[int]) -> list[ArticleRow]:
    """Return published articles in the order of their ids."""
    text = (versions.c.published_on, versions.c.date_precision, versions.c.title, versions.c.body)
    query = (
        select(articles.c.id, articles.c.key, *text, pages.c.address)
        .join(versions, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .where(articles.c.id.in_(article_ids))
    )
    found = {row[0]: row[1:] for row in connection.execute(query)}
    tags = _names(connection, schema.article_tags, article_ids)
    sources = _names(connection, schema.article_sources, article_ids)
    return [
        ArticleRow(*found[number], tuple(tags.get(number, ())), next(iter(sources.get(number, ())), None))
        for number in article_ids
        if number in found
    ]


def ids_named(connection: Connection, name: str) -> list[int]:
    """Return the ids of the entities of a name, however it is spelled or inflected, as a tag or as a source."""
    spellings = {name, nominative(name).name}
    entities, forms = schema.entities.c, schema.entity_forms.c
    is_source = (forms.used_as == SOURCE) & forms.key.in_(set(map(source_key, spellings)))
    is_other = (forms.used_as != SOURCE) & forms.key.in_(set(map(tag_key, spellings)))
    of_form = select(forms.entity_id).where(or_(forms.form == name, is_source, is_other))
    of_entity = select(entities.id).where(entities.name.in_([name, *names_given(connection, name)]))
    return sorted({*connection.execute(of_form).scalars(), *connection.execute(of_entity).scalars()})


def _names(connection: Connection, links: Table, article_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the tags or sources of articles, in their order on the page."""
    query = (
        select(links.c.article_id, schema.entities.c.name)
        .join(schema.entities, schema.entities.c.id == links.c.entity_id)
        .where(links.c.article_id.in_(article_ids))
        .order_by(links.c.article_id, links.c.position)
    )
    names: dict[int, list[str]] = {}
    for article_id, name in connection.execute(query):
        names.setdefault(article_id, []).append(name)
    return names
