"""How many articles there are: by month, section, tag, source and entity, of all or of those that a search finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.items import Precision
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import among_numbers, is_published
from armcrawl.store.queries.counted_articles import ALL, Among, every_month, is_counted, months_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Column, Connection, Engine, Select

articles, versions, pages, documents = schema.articles, schema.article_versions, schema.pages, schema.search_documents
article_tags, article_sources, entities = schema.article_tags, schema.article_sources, schema.entities


@dataclass(frozen=True, slots=True)
class Count:
    """How many published articles belong to something; `name` is None for those that belong to nothing.

    `kind` is that of an entity, where certain, and the site of a section.
    """

    name: str | None
    articles: int
    kind: str | None = None


def by_month(engine: Engine, among: Among = ALL) -> list[Count]:
    """Return the articles of each month, a month without any among them, the earliest first.

    Articles of which only the year is printed follow under the year, those without a date under None: no month
    is made up for them.
    """
    with reading(engine) as connection:
        found = months_of(connection, among)
    months = every_month(min(found.months), max(found.months)) if found.months else []
    dated = [Count(month, found.months.get(month, 0)) for month in months]
    undated = [Count(None, found.undated)] if found.undated else []
    return [*dated, *(Count(year, number) for year, number in found.years.items()), *undated]


def by_year_alone(connection: Connection) -> Counter[tuple[date, str]]:
    """Count the articles of which only the year is known, by its first day and their section."""
    day = versions.c.published_on
    query = (
        select(day, pages.c.section, func.count())
        .join(articles, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .where(versions.c.date_precision == Precision.YEAR)
        .group_by(day, pages.c.section)
    )
    return Counter({(day, section): number for day, section, number in connection.execute(query)})


def by_section(engine: Engine, among: Among = ALL) -> list[Count]:
    """Return the articles of each section, the most frequent first."""
    shown = documents.join(articles, articles.c.id == documents.c.article_id)
    with reading(engine) as connection:
        query = (
            select(pages.c.section, func.count(), pages.c.site)
            .select_from(shown.join(pages, pages.c.id == articles.c.page_id))
            .where(is_counted(connection, among))
            .group_by(pages.c.section, pages.c.site)
        )
        return _sorted(Count(*row) for row in connection.execute(query))


def by_tag(engine: Engine, among: Among = ALL, most: int = 0) -> list[Count]:
    """Return the articles with each tag, the most frequent first; `most` of them, 0 for all."""
    with reading(engine) as connection:
        return _named(connection, articles_by(connection, article_tags.c.entity_id, among), most)


def by_source(engine: Engine, among: Among = ALL, most: int = 0) -> list[Count]:
    """Return the articles that name each source, the most frequent first; `most` of them, 0 for all."""
    linked = entities.join(article_sources, article_sources.c.entity_id == entities.c.id)
    query = select(entities.c.id, entities.c.name, func.min(article_sources.c.kind)).select_from(linked)
    query = query.group_by(entities.c.id, entities.c.name)
    with reading(engine) as connection:
        return _named(connection, articles_by(connection, article_sources.c.entity_id, among), most, query)


def by_entity(engine: Engine, among: Among = ALL, most: int = 0) -> list[Count]:
    """Return the articles that name each entity, as a tag or as a source, most first; `most` of them, 0 for all."""
    with reading(engine) as connection:
        return _named(connection, articles_of_entities(connection, among), most)


def articles_by(
    connection: Connection, key: Column[int], among: Among = ALL, ids: Collection[int] | None = None
) -> Counter[int]:
    """Count the articles of each tag or source, all or some `ids`, which are the `key` of the table that links them."""
    links = key.table
    query = select(key, func.count(links.c.article_id.distinct())).group_by(key)
    if ids is not None:
        query = query.where(key.in_(ids))
    if not among.is_all:
        shown = links.join(documents, documents.c.article_id == links.c.article_id)
        query = query.select_from(shown).where(is_counted(connection, among))
    return Counter(dict(connection.execute(query).all()))


def articles_of_entities(
    connection: Connection, among: Among = ALL, ids: Collection[int] | None = None
) -> Counter[int]:
    """Count the different articles that name each entity, all or some `ids`: as a tag, as a source, less both."""
    found = articles_by(connection, article_tags.c.entity_id, among, ids)
    as_sources = articles_by(connection, article_sources.c.entity_id, among, ids)
    # Few entities are both; of all others no article is looked up.
    twice = found.keys() & as_sources.keys()
    found += as_sources
    if twice:
        both = (
            select(article_tags.c.entity_id, func.count(article_tags.c.article_id.distinct()))
            .join(article_sources, _is_the_same())
            .where(among_numbers(connection, article_tags.c.entity_id, twice))
            .group_by(article_tags.c.entity_id)
        )
        if not among.is_all:
            shown = documents.c.article_id == article_tags.c.article_id
            both = both.join(documents, shown).where(is_counted(connection, among))
        found.subtract(dict(connection.execute(both).all()))
    return found


def _is_the_same() -> Any:
    tags, sources = article_tags.c, article_sources.c
    return (sources.article_id == tags.article_id) & (sources.entity_id == tags.entity_id)


def _named(
    connection: Connection, numbers: Mapping[int, int], most: int, query: Select[Any] | None = None
) -> list[Count]:
    rows = connection.execute(select(entities.c.id, entities.c.name, entities.c.kind) if query is None else query)
    return _sorted(Count(name, numbers[number], kind) for number, name, kind in rows if number in numbers)[
        : most or None
    ]


def _sorted(counts: Iterable[Count]) -> list[Count]:
    # By name in Python: a server's language would sort otherwise than SQLite.
    return sorted(counts, key=lambda count: (-count.articles, count.name or ""))
