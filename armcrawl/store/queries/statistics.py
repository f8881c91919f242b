"""How many articles there are: by month, section, tag and source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, true

from armcrawl.items import Precision
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED, day_of, places_between
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_published

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import Column, ColumnElement, Connection, Engine, Select

articles, versions, pages, documents = schema.articles, schema.article_versions, schema.pages, schema.search_documents
article_tags, article_sources, entities = schema.article_tags, schema.article_sources, schema.entities

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Count:
    """How many published articles belong to something; `name` is None for those that belong to nothing.

    `kind` is that of a tag or source, where certain, and the site of a section.
    """

    name: str | None
    articles: int
    kind: str | None = None


def by_month(engine: Engine, first: date | None = None, last: date | None = None) -> list[Count]:
    """Return the articles of each month, a month without any among them, the earliest first.

    Articles of which only the year is printed follow under the year, those without a date under None: no month
    is made up for them.
    """
    months: Counter[int] = Counter()
    others: Counter[str | None] = Counter()
    with reading(engine) as connection:
        for place, number in connection.execute(_by_day(first, last)):
            day = day_of(place)
            if day is None:
                others[None] += number
            else:
                months[_number_of(day)] += number
        for (day, _), number in by_year_alone(connection, first, last).items():
            # They had been counted under the first day of their year.
            months[_number_of(day)] -= number
            others[f"{day:%Y}"] += number
    months += Counter()  # drops what is zero now
    numbers = range(min(months), max(months) + 1) if months else ()
    dated = [Count(f"{one // MONTHS_A_YEAR:04}-{one % MONTHS_A_YEAR + 1:02}", months[one]) for one in numbers]
    years = sorted(name for name in others if name is not None)
    unplaced = [*years, *([None] if None in others else [])]
    return dated + [Count(name, others[name]) for name in unplaced]


def _by_day(first: date | None, last: date | None) -> Select[Any, int]:
    """Return the query for the articles of each day, as a place of that day and their number."""
    return (
        select(func.min(documents.c.place), func.count())
        .where(_is_between(first, last))
        .group_by(documents.c.place // FIRST_DATED)
    )


def by_year_alone(
    connection: Connection, first: date | None = None, last: date | None = None
) -> Counter[tuple[date, str]]:
    """Count the articles of which only the year is known, by its first day and their section."""
    day = versions.c.published_on
    query = (
        select(day, pages.c.section, func.count())
        .join(articles, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .where(versions.c.date_precision == Precision.YEAR)
        .group_by(day, pages.c.section)
    )
    if first is not None:
        query = query.where(day >= first)
    if last is not None:
        query = query.where(day <= last)
    return Counter({(day, section): number for day, section, number in connection.execute(query)})


def by_section(engine: Engine, first: date | None = None, last: date | None = None) -> list[Count]:
    """Return the articles of each section, the most frequent first."""
    shown = documents.join(articles, articles.c.id == documents.c.article_id)
    query = (
        select(pages.c.section, func.count(), pages.c.site)
        .select_from(shown.join(pages, pages.c.id == articles.c.page_id))
        .where(_is_between(first, last))
        .group_by(pages.c.section, pages.c.site)
    )
    with reading(engine) as connection:
        return _sorted(Count(*row) for row in connection.execute(query))


def by_tag(engine: Engine, first: date | None = None, last: date | None = None, most: int = 0) -> list[Count]:
    """Return the articles with each tag, the most frequent first; `most` of them, 0 for all."""
    query = select(entities.c.id, entities.c.name, entities.c.kind)
    with reading(engine) as connection:
        numbers = articles_by(connection, article_tags.c.entity_id, first, last)
        return _named(numbers, connection.execute(query))[: most or None]


def by_source(engine: Engine, first: date | None = None, last: date | None = None, most: int = 0) -> list[Count]:
    """Return the articles that name each source, the most frequent first; `most` of them, 0 for all."""
    linked = entities.join(article_sources, article_sources.c.entity_id == entities.c.id)
    query = select(entities.c.id, entities.c.name, func.min(article_sources.c.kind)).select_from(linked)
    with reading(engine) as connection:
        numbers = articles_by(connection, article_sources.c.entity_id, first, last)
        return _named(numbers, connection.execute(query.group_by(entities.c.id, entities.c.name)))[: most or None]


def articles_by(
    connection: Connection, key: Column[int], first: date | None = None, last: date | None = None
) -> Counter[int]:
    """Count the different articles of each tag or source, whose id is the `key` of the table that links them."""
    links = key.table
    query = select(key, func.count(links.c.article_id.distinct())).group_by(key)
    if first or last:
        shown = links.join(documents, documents.c.article_id == links.c.article_id)
        query = query.select_from(shown).where(_is_between(first, last))
    return Counter(dict(connection.execute(query).all()))


def _named(numbers: Mapping[int, int], rows: Iterable[Any]) -> list[Count]:
    return _sorted(Count(name, numbers[number], kind) for number, name, kind in rows if number in numbers)


def _sorted(counts: Iterable[Count]) -> list[Count]:
    # By name in Python: a server's language would sort otherwise than SQLite.
    return sorted(counts, key=lambda count: (-count.articles, count.name or ""))


def _is_between(first: date | None, last: date | None) -> ColumnElement[bool]:
    """Return the condition for articles that are shown, of some days."""
    return documents.c.place.between(*places_between(first, last)) if first or last else true()


def _number_of(day: date) -> int:
    """Return the number of a day's month, counted from the year 0."""
    return day.year * MONTHS_A_YEAR + day.month - 1
