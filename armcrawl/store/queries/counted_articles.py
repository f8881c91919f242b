"""Which published articles are counted, and on which days they are: from indexes alone, without reading a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union

from armcrawl.items import Precision
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED, places_between
from armcrawl.store.base.sql import is_published
from armcrawl.store.queries.choice import Choice
from armcrawl.store.queries.full_text_search import Finder, fts

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.russian.search_query import SearchQuery

articles, versions, documents = schema.articles, schema.article_versions, schema.search_documents
USES = (schema.article_tags, schema.article_sources)

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Among:
    """Which articles are counted: those that a search finds, that name one of some entities, of some days.

    Days are both included. `sources` are entities that the attribution must name, `entities` stand there or in tags.
    """

    query: SearchQuery | None = None
    entities: tuple[int, ...] | None = None
    sources: tuple[int, ...] | None = None
    first: date | None = None
    last: date | None = None

    @property
    def is_all(self) -> bool:
        """Whether all articles are counted."""
        return self == ALL

    @property
    def names_nobody(self) -> bool:
        """Whether neither an entity nor a source is wanted."""
        return self.entities is None and self.sources is None

    @property
    def places(self) -> tuple[int, int]:
        """The lowest and the highest place of the articles of its days."""
        return places_between(self.first, self.last)


ALL = Among()


@dataclass(frozen=True, slots=True)
class Months:
    """Articles by month, as `2016-05`, and by year where nothing more is known; `undated` have no date.

    Months and years without an article are left out.
    """

    months: dict[str, int]
    years: dict[str, int]
    undated: int

    @property
    def in_no_month(self) -> int:
        """Those of which no month is known."""
        return sum(self.years.values()) + self.undated

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.months.values()) + self.in_no_month


def months_of(connection: Connection, among: Among = ALL) -> Months:
    """Count articles by month; who has only a year is in no month, whatever day stands in its place."""
    days = _by_day(connection, among)
    months: Counter[str] = Counter()
    for day, number in days.items():
        if day is not None:
            months[_month(day)] += number
    years: dict[str, int] = {}
    for first, vague in _of_years(connection, among).items():
        months[_month(first)] -= vague
        years[f"{first:%Y}"] = vague
    return Months(dict(sorted((+months).items())), dict(sorted(years.items())), days.get(None, 0))


def _by_day(connection: Connection, among: Among) -> dict[date | None, int]:
    """Count articles by day: no condition more, as it would be asked for each of a million."""
    day = (_places(connection, among).subquery("counted").c.place // FIRST_DATED).label("day")
    rows = connection.execute(select(day, func.count()).group_by(day)).all()
    return {date.fromordinal(ordinal) if ordinal else None: number for ordinal, number in rows}


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _of_years(connection: Connection, among: Among) -> dict[date, int]:
    """Count the articles of which only the year is known by the day in their place, the first of that year."""
    day = versions.c.published_on
    is_vague = versions.c.date_precision == Precision.YEAR
    found: dict[date, int] = {}
    for first in connection.execute(select(day).where(is_vague, day.is_not(None)).distinct().order_by(day)).scalars():
        of_day = replace(among, first=max(first, among.first or first), last=min(first, among.last or first))
        if of_day.first == of_day.last == first:
            place = _places(connection, of_day).subquery("counted").c.place
            number = connection.execute(select(func.count()).where(place.in_(places_of_years()))).scalar_one()
            found |= {first: number} if number else {}
    return found


def month_of(day: int) -> str | None:
    """Return the month of a day by its number, the year of one below zero, None for none."""
    if day < 0:
        return f"{date.fromordinal(-day).year:04}"
    return _month(date.fromordinal(day)) if day else None


def every_month(first: str, last: str) -> list[str]:
    """Return all months from one to another, both as `2016-05`."""
    lowest, highest = (int(one[:4]) * MONTHS_A_YEAR + int(one[5:]) - 1 for one in (first, last))
    return [f"{one // MONTHS_A_YEAR:04}-{one % MONTHS_A_YEAR + 1:02}" for one in range(lowest, highest + 1)]


def places_of_years() -> Select[Any]:
    """Return a query for the places of the articles of which only the year is known."""
    return (
        select(documents.c.place)
        .join(articles, articles.c.id == documents.c.article_id)
        .join(versions, is_published())
        .where(versions.c.date_precision == Precision.YEAR)
    )


def is_counted(connection: Connection, among: Among) -> ColumnElement[bool]:
    """Return the condition for the documents of the articles that are counted."""
    if among.query is None and among.names_nobody:
        return documents.c.place.between(*among.places)
    return documents.c.place.in_(_places(connection, among))


def naming(entities: Collection[int], *, as_source: bool = False) -> Select[Any]:
    """Return a query for the ids of the articles that name one of some entities, each once."""
    tables = USES[1:] if as_source else USES
    named = [select(table.c.article_id).where(table.c.entity_id.in_(entities)) for table in tables]
    return select(union(*named).subquery("naming").c.article_id) if len(named) > 1 else named[0].distinct()


def _places(connection: Connection, among: Among) -> Select[Any]:
    """Return a query for the places of the articles that are counted."""
    named = [naming(ids, as_source=ids is among.sources) for ids in (among.entities, among.sources) if ids is not None]
    if among.query is None and named:
        of_names = (documents.c.article_id.in_(ids) for ids in named)
        return select(documents.c.place).where(documents.c.place.between(*among.places), *of_names)
    places = Finder(connection, among.query, Choice(first=among.first, last=among.last)).all_places()
    place: ColumnElement[int] = fts.c.rowid if connection.dialect.name == "sqlite" else documents.c.place
    for ids in named:
        # Added to 0, so that FTS5 is not asked for each place on its own.
        places = places.where((place + 0).in_(select(documents.c.place).where(documents.c.article_id.in_(ids))))
    return places
