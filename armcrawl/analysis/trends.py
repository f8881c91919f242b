"""Developments: how many articles of each month have some words, name an entity, or rest on a source."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.analysis.portraits import entity_called
from armcrawl.errors import UsageError
from armcrawl.russian.search_query import MAX_ITEMS, parse_query
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.counted_articles import Among, Months, every_month, months_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.analysis.portraits import Entity
    from armcrawl.russian.search_query import SearchQuery


# Where a month has fewer articles, one more or less changes its share by a tenth, and a line of months is a saw.
FEW_A_MONTH = 10
# Of fewer years than these a line of years has too few points to show a development.
MIN_YEARS = 4


class Step(StrEnum):
    """How long each point of a trend is."""

    MONTH = "month"
    YEAR = "year"


class SeriesKind(StrEnum):
    """What is counted: articles that a search finds, that name an entity as a tag or a source, that name a source."""

    WORDS = "words"
    ENTITY = "entity"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Asked:
    """A series as it is asked for: a query of the search, or a name, key or printed form of an entity."""

    kind: SeriesKind
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """A series: what was asked for, what it is called, its articles by month, and the entity that was meant."""

    asked: Asked
    name: str
    found: Months
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Trends:
    """Series beside each other, over all `months` from the first to the last, empty ones among them.

    `whole` counts all articles of the archive by month, beside which series are seen. By year, months are years.
    """

    months: list[str]
    whole: Months
    series: list[Series]

    def per_thousand(self, series: Series, month: str) -> float | None:
        """Return how many of a thousand articles of a month belong to a series; None for a month without articles."""
        whole = self.whole.months.get(month, 0)
        return 1000 * series.found.months.get(month, 0) / whole if whole else None

    def by_year(self) -> Trends:
        """Return the same by year; articles of which only the year is known are in theirs."""
        series = [replace(one, found=_by_year(one.found)) for one in self.series]
        named = {month[:4] for month in self.months}.union(*(one.found.months for one in series))
        years = range(int(min(named)), int(max(named)) + 1) if named else ()
        return Trends([f"{year:04}" for year in years], _by_year(self.whole), series)


def _by_year(found: Months) -> Months:
    years: Counter[str] = Counter(found.years)
    for month, number in found.months.items():
        years[month[:4]] += number
    return Months(dict(sorted(years.items())), {}, found.undated)


def trends(
    engine: Engine, asked: Sequence[Asked], first: str = "", last: str = "", whole: Months | None = None
) -> Trends:
    """Count each series by month, from one month to another (`2016-05`) if these are given.

    `whole` counts all articles, where it is at hand. Raises UsageError for a query without a word, for a name that no
    entity has, and for one that several have.
    """
    since, until = days_of(first)[0] if first else None, days_of(last)[1] if last else None
    with reading_one_moment(engine) as connection:
        whole = months_of(connection) if whole is None else whole
        series = [_series(connection, one, since, until) for one in asked]
    return Trends(_months_within(whole, first, last), whole, series)


def fitting_step(whole: Months, first: str = "", last: str = "") -> Step:
    """Return years where the middle month has few articles and there are years enough; else months."""
    months = _months_within(whole, first, last)
    is_saw = months and median(whole.months.get(month, 0) for month in months) < FEW_A_MONTH
    return Step.YEAR if is_saw and len({month[:4] for month in months}) >= MIN_YEARS else Step.MONTH


def _months_within(whole: Months, first: str, last: str) -> list[str]:
    within = [month for month in whole.months if first <= month <= (last or month)]
    return every_month(min(within), max(within)) if within else []


def _series(connection: Connection, asked: Asked, first: date | None, last: date | None) -> Series:
    days = Among(first=first, last=last)
    if asked.kind is SeriesKind.WORDS:
        return Series(asked, asked.text, months_of(connection, replace(days, query=_query(asked.text))))
    entity = entity_called(connection, asked.text)
    ids = (entity.id,)
    among = replace(days, sources=ids) if asked.kind is SeriesKind.SOURCE else replace(days, entities=ids)
    return Series(asked, entity.name, months_of(connection, among), entity)


def _query(text: str) -> SearchQuery:
    try:
        return parse_query(text)
    except UsageError as error:
        raise UsageError(f"Поиск не понимает «{text}»: нужно хотя бы одно слово и не больше {MAX_ITEMS}.") from error


def days_of(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month, as `2016-05`, or of a year."""
    if "-" not in month:
        return date(int(month), 1, 1), date(int(month), 12, 31)
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])
