"""What a database holds, in figures for charts: it counts from indexes, without reading a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED, SECTION_BITS, day_of
from armcrawl.store.base.sql import among
from armcrawl.store.queries.counted_articles import Among
from armcrawl.store.queries.statistics import articles_by, by_year_alone
from armcrawl.store.queries.stored_sections import section_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

articles, documents = schema.articles, schema.search_documents
members, clusters, entities = schema.cluster_members, schema.clusters, schema.entities

# As many bars as a screen shows at once.
MAX_BARS = 15
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months by their first and last day, and how many articles they have."""

    first: date
    last: date
    articles: int

    def per_thousand(self, number: int) -> float | None:
        """Return how many of a thousand of its articles some are; None for a year without articles."""
        return 1000 * number / self.articles if self.articles else None


@dataclass(frozen=True, slots=True)
class Rise:
    """A tag, and how many articles of the last twelve months, and of the twelve before, have it.

    `share` and `share_before` are these of a thousand articles of their year. Where an archive grows most tags have
    more articles than before: one rises if its share does.
    """

    tag: str
    now: int
    before: int
    share: float | None
    share_before: float | None

    @property
    def growth(self) -> float | None:
        """By how many of a thousand articles its share has changed; None without a year to compare with."""
        return None if self.share is None or self.share_before is None else self.share - self.share_before


@dataclass(frozen=True, slots=True)
class Figures:
    """What is published: months as `2016-05` and sections with their articles, and what else charts show.

    `undated` counts the articles without a date, or with a year only; they are in no month. `reprints` and `years`
    are articles by year: those whose text others had first, and all. `year` are the twelve months up to the last day,
    `year_before` the twelve before them; None without a date.
    """

    total: int
    undated: int
    first_day: date | None
    last_day: date | None
    months: dict[str, dict[str, int]]
    years: dict[int, int]
    reprints: dict[int, int]
    year: Year | None
    year_before: Year | None
    tags: tuple[Rise, ...]
    sources: dict[str, int]


def figures(connection: Connection) -> Figures:
    """Count all of it, as of one moment."""
    days = _days(connection)
    last = max((day for day, _ in days if day), default=None)
    yearly = by_year_alone(connection)
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
    named = articles_by(connection, schema.article_sources.c.entity_id)
    year, before = (_year(days, last), _year(days, last - YEAR)) if last else (None, None)
    return Figures(
        total=sum(days.values()),
        undated=undated,
        first_day=min((day for day, _ in days if day), default=None),
        last_day=last,
        months=months,
        years=dict(years),
        reprints=_reprints(connection),
        year=year,
        year_before=before,
        tags=_rises(connection, year, before) if year and before else (),
        sources={name: number for _, name, number in _top(connection, named)},
    )


def _days(connection: Connection) -> Counter[tuple[date | None, str]]:
    """Count published articles by day and section."""
    section = documents.c.place.bitwise_and((1 << SECTION_BITS) - 1).label("section")
    query = select(func.max(documents.c.place), section, func.count()).group_by(
        documents.c.place // FIRST_DATED, "section"
    )
    rows = connection.execute(query).all()
    names = section_names(connection)
    return Counter({(day_of(place), names[bits]): number for place, bits, number in rows})


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


def _year(days: Mapping[tuple[date | None, str], int], last: date) -> Year:
    first = last - YEAR + timedelta(days=1)
    return Year(first, last, sum(number for (day, _), number in days.items() if day and first <= day <= last))


def _rises(connection: Connection, year: Year, before: Year) -> tuple[Rise, ...]:
    key = schema.article_tags.c.entity_id
    now, then = (articles_by(connection, key, Among(first=one.first, last=one.last)) for one in (year, before))
    return tuple(
        Rise(name, number, then[tag_id], year.per_thousand(number), before.per_thousand(then[tag_id]))
        for tag_id, name, number in _top(connection, now)
    )


def _top(connection: Connection, numbers: Mapping[int, int]) -> list[tuple[int, str, int]]:
    """Return the entities that most articles name, most first: id, name and number."""
    # Those of equal number by name: ids differ between databases.
    last = sorted(numbers.values(), reverse=True)[:MAX_BARS][-1:]
    likely = [row_id for row_id, number in numbers.items() if number >= (last or [0])[0]]
    names = {
        row.id: row.name for row in among(connection, select(entities.c.id, entities.c.name), entities.c.id, likely)
    }
    most = sorted(((row_id, numbers[row_id]) for row_id in names), key=lambda one: (-one[1], names[one[0]]))[:MAX_BARS]
    return [(row_id, names[row_id], number) for row_id, number in most]
