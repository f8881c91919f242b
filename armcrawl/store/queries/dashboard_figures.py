"""What a database holds, in figures for charts. Of SQLite: it counts from indexes, without reading a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import DAY_SHIFT, FIRST_DATED, SECTION_BITS, day_of, places_between
from armcrawl.store.base.sql import is_published
from armcrawl.store.queries.faceted_search import section_names

if TYPE_CHECKING:
    from sqlalchemy import Connection

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
documents, members, clusters = schema.search_documents, schema.cluster_members, schema.clusters

# As many bars as a screen shows at once.
MAX_BARS = 15
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Rise:
    """A tag, and how many articles of the last twelve months, and of the twelve before, have it."""

    tag: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is published: months as `2016-05` and sections with their articles, and what else charts show.

    `undated` counts the articles without a date, or with a year only; they are in no month. `reprints` and `years`
    are articles by year: those whose text others had first, and all.
    """

    total: int
    undated: int
    first_day: date | None
    last_day: date | None
    months: dict[str, dict[str, int]]
    years: dict[int, int]
    reprints: dict[int, int]
    tags: tuple[Rise, ...]
    sources: dict[str, int]


def figures(connection: Connection) -> Figures:
    """Count all of it, as of one moment."""
    days = _days(connection)
    last = max((day for day, _ in days if day), default=None)
    yearly = _by_year_only(connection, {day for day, _ in days if day and (day.month, day.day) == (1, 1)})
    months: dict[str, dict[str, int]] = {}
    years: Counter[int] = Counter()
    undated = 0
    for (day, section), number in sorted(days.items(), key=lambda item: (item[0][0] or date.min, item[0][1])):
        vague = yearly[day, section] if day else number
        undated += vague
        if day:
            years[day.year] += number
            if number > vague:
                month = months.setdefault(f"{day:%Y-%m}", {})
                month[section] = month.get(section, 0) + number - vague
    return Figures(
        total=sum(days.values()),
        undated=undated,
        first_day=min((day for day, _ in days if day), default=None),
        last_day=last,
        months=months,
        years=dict(years),
        reprints=_reprints(connection),
        tags=_rises(connection, last) if last else (),
        sources=_sources(connection),
    )


def _days(connection: Connection) -> Counter[tuple[date | None, str]]:
    """Count published articles by day and section."""
    section = documents.c.place.bitwise_and((1 << SECTION_BITS) - 1)
    query = select(func.max(documents.c.place), section, func.count()).group_by(
        documents.c.place.bitwise_rshift(DAY_SHIFT), section
    )
    rows = connection.execute(query).all()
    names = section_names(connection, [bits for _, bits, _ in rows])
    return Counter({(day_of(place), names[bits]): number for place, bits, number in rows})


def _by_year_only(connection: Connection, days: set[date]) -> Counter[tuple[date | None, str]]:
    """Count the articles of some first days of years of which only the year is known."""
    query = (
        select(versions.c.published_on, pages.c.section, func.count())
        .join(articles, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .where(versions.c.published_on.in_(days), versions.c.date_precision == "year")
        .group_by(versions.c.published_on, pages.c.section)
    )
    return Counter({(day, section): number for day, section, number in connection.execute(query)})


def _reprints(connection: Connection) -> dict[int, int]:
    """Count articles by year whose text another had first; of a tie, all but the one with the lowest key."""
    lowest = select(articles.c.id).where(articles.c.key == clusters.c.key).scalar_subquery()
    query = (
        select(documents.c.place)
        .join(members, members.c.article_id == documents.c.article_id)
        .join(clusters, clusters.c.id == members.c.cluster_id)
        .where(documents.c.article_id != func.coalesce(clusters.c.first_id, lowest), documents.c.place >= FIRST_DATED)
    )
    days = map(day_of, connection.execute(query).scalars())
    return dict(Counter(day.year for day in days if day))


def _rises(connection: Connection, last: date) -> tuple[Rise, ...]:
    now = _tags_between(connection, last - YEAR + timedelta(days=1), last)
    before = _tags_between(connection, last - 2 * YEAR + timedelta(days=1), last - YEAR)
    most = sorted(now.items(), key=lambda item: (-item[1], item[0]))[:MAX_BARS]
    names = {row.id: row.name for row in connection.execute(
        select(schema.tags.c.id, schema.tags.c.name).where(schema.tags.c.id.in_([tag_id for tag_id, _ in most]))
    )}  # fmt: skip
    return tuple(Rise(names[tag_id], number, before[tag_id]) for tag_id, number in most)


def _tags_between(connection: Connection, first: date, last: date) -> Counter[int]:
    links = schema.article_tags
    query = (
        select(links.c.tag_id, func.count(func.distinct(links.c.article_id)))
        .join(documents, documents.c.article_id == links.c.article_id)
        .where(documents.c.place.between(*places_between(first, last)))
        .group_by(links.c.tag_id)
    )
    return Counter(dict(connection.execute(query).all()))


def _sources(connection: Connection) -> dict[str, int]:
    links, sources = schema.article_sources, schema.sources
    number = func.count(func.distinct(links.c.article_id))
    counts = (
        select(links.c.source_id, number.label("number"))
        .group_by(links.c.source_id)
        .order_by(number.desc())
        .limit(MAX_BARS)
        .subquery()
    )
    query = select(sources.c.name, counts.c.number).join(counts, counts.c.source_id == sources.c.id)
    return dict(connection.execute(query.order_by(counts.c.number.desc(), sources.c.name)).all())
