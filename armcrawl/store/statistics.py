"""How many articles there are: by month, section, tag and source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, true

from armcrawl.items import Precision
from armcrawl.store import schema
from armcrawl.store.database import reading

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Engine, FromClause

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
article_tags, tags = schema.article_tags, schema.tags
article_sources, sources = schema.article_sources, schema.sources

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Count:
    """How many published articles belong to something; `name` is None for those that belong to nothing.

    `first` and `last` are ISO dates of the earliest and the latest, None where none has a date. `kind` is that of a
    tag, or the site of a section.
    """

    name: str | None
    articles: int
    kind: str | None = None
    first: str | None = None
    last: str | None = None


def by_month(engine: Engine, first: date | None = None, last: date | None = None) -> list[Count]:
    """Return the articles of each month, a month without any among them, the earliest first.

    Articles of which only the year is printed follow under the year, those without a date under None: no month
    is made up for them.
    """
    day, precision = versions.c.published_on, versions.c.date_precision
    query = select(day, precision, func.count()).select_from(_published()).where(_between(first, last))
    months: Counter[str] = Counter()
    others: Counter[str | None] = Counter()
    with reading(engine) as connection:
        for on, known, number in connection.execute(query.group_by(day, precision)):
            if on is None:
                others[None] += number
            elif known == Precision.YEAR:
                others[f"{on:%Y}"] += number
            else:
                months[f"{on:%Y-%m}"] += number
    dated = [Count(month, months[month]) for month in _all_months(min(months), max(months))] if months else []
    years = sorted(name for name in others if name is not None)
    unplaced = [*years, *([None] if None in others else [])]
    return dated + [Count(name, others[name]) for name in unplaced]


def by_section(engine: Engine, first: date | None = None, last: date | None = None) -> list[Count]:
    """Return the articles of each section, the most frequent first."""
    published = _published().join(pages, pages.c.id == articles.c.page_id)
    named = (pages.c.section, func.min(pages.c.site))
    return _counted(engine, published, named, pages.c.site, first, last)


def by_tag(engine: Engine, first: date | None = None, last: date | None = None, most: int = 0) -> list[Count]:
    """Return the articles with each tag, the most frequent first; `most` of them, 0 for all."""
    published = (
        _published()
        .join(article_tags, article_tags.c.article_id == articles.c.id)
        .join(tags, tags.c.id == article_tags.c.tag_id)
    )
    return _counted(engine, published, (tags.c.name, func.min(tags.c.kind)), tags.c.id, first, last)[: most or None]


def by_source(engine: Engine, first: date | None = None, last: date | None = None, most: int = 0) -> list[Count]:
    """Return the articles that name each source, the most frequent first; `most` of them, 0 for all."""
    published = (
        _published()
        .join(article_sources, article_sources.c.article_id == articles.c.id)
        .join(sources, sources.c.id == article_sources.c.source_id)
    )
    named = (sources.c.name, func.min(article_sources.c.kind))
    return _counted(engine, published, named, sources.c.id, first, last)[: most or None]


def _published() -> FromClause:
    is_shown = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.published_version)
    return articles.join(versions, is_shown)


def _between(first: date | None, last: date | None) -> ColumnElement[bool]:
    where: ColumnElement[bool] = true()
    if first is not None:
        where &= versions.c.published_on >= first
    if last is not None:
        where &= versions.c.published_on <= last
    return where


def _counted(
    engine: Engine,
    published: FromClause,
    named: tuple[ColumnElement[Any], ColumnElement[Any]],
    key: ColumnElement[Any],
    first: date | None,
    last: date | None,
) -> list[Count]:
    """Count the different articles of each name and key; `named` are the name and what stands for the kind."""
    name, kind = named
    day = versions.c.published_on
    query = (
        select(name, func.count(articles.c.id.distinct()), kind, func.min(day), func.max(day))
        .select_from(published)
        .where(_between(first, last))
        .group_by(key, name)
    )
    with reading(engine) as connection:
        found = [
            Count(name, number, kind, begin and begin.isoformat(), end and end.isoformat())
            for name, number, kind, begin, end in connection.execute(query)
        ]
    # By name in Python: the server's language would sort otherwise than SQLite.
    return sorted(found, key=lambda count: (-count.articles, count.name or ""))


def _all_months(first: str, last: str) -> list[str]:
    """Return all months from one to another: `2016-11`, `2016-12`, `2017-01`."""
    begin, end = _number_of(first), _number_of(last)
    return [f"{month // MONTHS_A_YEAR:04}-{month % MONTHS_A_YEAR + 1:02}" for month in range(begin, end + 1)]


def _number_of(month: str) -> int:
    year, number = month.split("-")
    return int(year) * MONTHS_A_YEAR + int(number) - 1
