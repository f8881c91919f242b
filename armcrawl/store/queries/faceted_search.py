"""By what a search can be narrowed further: how many of its articles each value of a facet has, and each month.

Days and sections stand in an article's place. So all is counted once by month and section, without what is chosen of
year, site and section, and the counts of these three follow from that: those of a facet are without its own choice, as
another value of it may be added. Of tags, kinds and sources an article has many, which are read: of the newest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, case, cast, func, literal_column, select

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import DAY_SHIFT, JULIAN_DAY_0
from armcrawl.store.base.sql import among_numbers, by_bytes
from armcrawl.store.queries.choice import NO_YEAR, ONE_OF, Choice, Facet
from armcrawl.store.queries.choice_conditions import LINKS
from armcrawl.store.queries.counted_articles import every_month
from armcrawl.store.queries.full_text_search import Finder, Order
from armcrawl.store.queries.stored_sections import MASK, Section, fits, stored_sections

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select


articles, documents, entities, pages = schema.articles, schema.search_documents, schema.entities, schema.pages

# Tags, kinds and sources are counted among so many of the newest articles: in 20 ms, whatever is looked for.
MAX_FACETED = 2_000
# As many values as a person reads through.
MAX_VALUES = 12


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles each value of a facet has, most first; years from the newest. `others` have more values."""

    values: dict[str, int]
    others: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """What is found: all articles, each month from the first to the last one (`2016-05`), and each value of a facet.

    `undated` are in no month. Tags, kinds and sources are counted among the `counted` newest, all else among all.
    """

    total: int
    undated: int
    months: dict[str, int]
    counts: dict[Facet, Counts]
    counted: int


@dataclass(frozen=True, slots=True)
class _Cell:
    month: str  # empty for articles without a date
    section: Section

    @property
    def year(self) -> str:
        return self.month[:4] or NO_YEAR

    def fits(self, choice: Choice) -> bool:
        return choice.fits(Facet.YEAR, self.year) and fits(choice, self.section)


def facets(finder: Finder) -> Facets:
    """Return by what the articles that a finder finds can be narrowed further."""
    counting, choice = _Counting(finder), finder.choice
    found = counting.cells(choice)
    months, undated = _by_months(found)
    newest = finder.find(MAX_FACETED, Order.NEWEST) if found else []
    named = {facet: _named(finder.connection, facet, newest) for facet in LINKS}
    return Facets(
        total=sum(found.values()),
        undated=undated,
        months=months,
        counts={**{facet: _of_one(facet, counting.cells(choice.free_of((facet,)))) for facet in ONE_OF}, **named},
        counted=len(newest),
    )


def months_found(finder: Finder) -> dict[str, int]:
    """Return how many articles each month has, from the first to the last one (`2016-05`)."""
    return _by_months(_Counting(finder).cells(finder.choice))[0]


def _by_months(found: Mapping[_Cell, int]) -> tuple[dict[str, int], int]:
    """Return how many articles each month has, also one between others without any, and how many have none."""
    months = Counter[str]()
    for cell, number in found.items():
        months[cell.month] += number
    undated = months.pop("", 0)
    return {month: months[month] for month in every_month(min(months), max(months))} if months else {}, undated


def _of_one(facet: Facet, cells: Mapping[_Cell, int]) -> Counts:
    """Count the values of a facet of which each article has one."""
    numbers = Counter[str]()
    for cell, number in cells.items():
        numbers[_value(cell, facet)] += number
    if facet is Facet.YEAR:
        return Counts(dict(sorted(numbers.items(), reverse=True)))
    return Counts(dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0]))))


def _value(cell: _Cell, facet: Facet) -> str:
    site, section = cell.section
    return {Facet.YEAR: cell.year, Facet.SITE: site, Facet.SECTION: section}[facet]


class _Counting:
    """Counts what is found by month and section, once for all choices of year, site and section."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.counted: dict[Choice, dict[_Cell, int]] = {}

    def cells(self, choice: Choice) -> dict[_Cell, int]:
        """Return how many articles that fit a choice are in each month and section."""
        # Which copy stays depends on the whole choice.
        wider = choice if choice.once else choice.free_of(ONE_OF)
        if wider not in self.counted:
            finder = self.finder
            if wider != finder.choice:
                finder = Finder(finder.connection, finder.query, wider)
            self.counted[wider] = _cells(finder.connection, finder.all_places())
        return {cell: number for cell, number in self.counted[wider].items() if cell.fits(choice)}


def _cells(connection: Connection, places: Select[Any]) -> dict[_Cell, int]:
    counted = connection.execute(_by_month(connection, places)).all()
    sections = stored_sections(connection)
    cells = {_Cell(month, *sections[bits]): number for month, bits, number in counted if len(sections[bits]) == 1}
    if shared := sorted({bits for _, bits, _ in counted if len(sections[bits]) > 1}):
        by_page = connection.execute(_by_page(connection, places, shared))
        cells |= {_Cell(month, (site, section)): number for month, site, section, number in by_page}
    return cells


def _by_month(connection: Connection, places: Select[Any]) -> Select[Any]:
    """Return the query for the months and the bits of sections of some places, and how many have them."""
    found = places.subquery("found")
    day, bits = _day(found.c.place), found.c.place.bitwise_and(MASK)
    # By day first, a number: thousands of them become months faster than a million of places.
    days = select(day.label("day"), bits.label("bits"), func.count().label("number")).group_by(day, bits).subquery()
    month = _month(connection, days.c.day)
    # A sum of PostgreSQL is no integer.
    return select(month, days.c.bits, cast(func.sum(days.c.number), BigInteger)).group_by(month, days.c.bits)


def _by_page(connection: Connection, places: Select[Any], shared: Sequence[int]) -> Select[Any]:
    """Return the same query for sections that share their bits, and are told by their pages."""
    found = places.subquery("found")
    names = pages.c.site, pages.c.section
    month = _month(connection, _day(found.c.place))
    return (
        select(month, *names, func.count())
        .join(documents, documents.c.place == found.c.place)
        .join(articles, articles.c.id == documents.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
        .where(found.c.place.bitwise_and(MASK).in_(shared))
        .group_by(month, *names)
    )


def _day(place: ColumnElement[int]) -> ColumnElement[int]:
    # In words: as a parameter it would be a bigint, by which PostgreSQL does not shift.
    return place.bitwise_rshift(literal_column(str(DAY_SHIFT)))


def _month(connection: Connection, day: ColumnElement[int]) -> ColumnElement[str]:
    """Return the month of a day, as `2016-05`."""
    if connection.dialect.name == "postgresql":
        month = func.to_char(literal_column("DATE '0001-01-01' - 1") + cast(day, Integer), "YYYY-MM")
    else:
        month = func.strftime("%Y-%m", day + JULIAN_DAY_0)
    return case((day == 0, ""), else_=month)


def _named(connection: Connection, facet: Facet, ids: Sequence[int]) -> Counts:
    """Count the tags, the kinds of tags, or the sources that some articles have."""
    links = LINKS[facet]
    value = entities.c.kind if facet is Facet.KIND else entities.c.name
    number = func.count(links.c.article_id.distinct())
    query = (
        select(value, number, func.count().over())
        .join(links, links.c.entity_id == entities.c.id)
        .where(among_numbers(connection, links.c.article_id, ids), value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), by_bytes(connection, value))
        .limit(MAX_VALUES)
    )
    rows = connection.execute(query).all()
    return Counts({row[0]: row[1] for row in rows}, rows[0][2] - len(rows) if rows else 0)
