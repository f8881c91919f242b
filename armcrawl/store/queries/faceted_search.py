"""Looking through the articles of a SQLite file: what a search finds, narrowed, and by what it can be narrowed.

Days and sections stand in an article's place, so that they are counted from the index alone.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.sites import known_sites
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import DAY_SHIFT, JULIAN_DAY_0, SECTION_BITS, places_between, section_bits
from armcrawl.store.queries.article_rows import ids_named
from armcrawl.store.queries.full_text_search import fts, matches
from armcrawl.store.queries.search_expressions import fts5, fts5_in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select

    from armcrawl.russian.search_query import SearchQuery

documents = schema.search_documents

# Tags and sources are counted among so many of the newest articles: in 10 ms, whatever is looked for.
MAX_COUNTED = 1_000
# As many values as a person reads through.
MAX_VALUES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What articles are narrowed to; tags and sources by their name in any printed form."""

    section: str | None = None
    source: str | None = None
    tag: str | None = None
    year: int | None = None

    @property
    def places(self) -> tuple[int, int]:
        """The lowest and the highest place of the year's articles."""
        return places_between(*((date(self.year, 1, 1), date(self.year, 12, 31)) if self.year else (None, None)))


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles each value has, most first; years from the newest, 0 for articles without a date.

    `total`, `years` and `sections` count all, `tags` and `sources` the `counted` newest.
    """

    total: int
    counted: int
    years: dict[int, int]
    sections: dict[str, int]
    tags: dict[str, int]
    sources: dict[str, int]


def browse(connection: Connection, query: SearchQuery | None, choice: Choice, limit: int, offset: int = 0) -> list[int]:
    """Return ids of articles in the order of a search, or the newest first."""
    wanted: list[int] = []
    for expression in fts5_in_order(query.node) if query else (None,):
        places = _places(connection, expression, choice)
        newest = places.order_by(places.selected_columns[0].desc()).limit(offset + limit - len(wanted))
        wanted += connection.execute(newest).scalars()
        if len(wanted) >= offset + limit:
            break
    return _article_ids(connection, wanted[offset:])


def facets(connection: Connection, query: SearchQuery | None, choice: Choice) -> Facets:
    """Return by what the articles of a choice can be narrowed further."""
    places = _places(connection, fts5(query.node) if query else None, choice)
    years, sections = _counted(connection, places)
    newest = connection.execute(places.order_by(places.selected_columns[0].desc()).limit(MAX_COUNTED))
    ids = _article_ids(connection, list(newest.scalars()))
    return Facets(
        sum(years.values()),
        len(ids),
        dict(sorted(years.items(), reverse=True)),
        dict(sections.most_common()),
        tags=_most(connection, schema.article_tags.c.entity_id, ids),
        sources=_most(connection, schema.article_sources.c.entity_id, ids),
    )


def section_names(connection: Connection, bits: Collection[int]) -> dict[int, str]:
    """Return the name of the section for the lowest bits of its articles' places, at least for those asked for.

    Two that share these bits are counted as one, under both names.
    """
    names = _named((site.name, section.name) for site in known_sites().values() for section in site.sections)
    if set(bits) <= names.keys():
        return names
    pages = schema.pages
    return _named(row.tuple() for row in connection.execute(select(pages.c.site, pages.c.section).distinct()))


def _named(sections: Iterable[tuple[str, str]]) -> dict[int, str]:
    found: dict[int, set[str]] = {}
    for site, section in sections:
        found.setdefault(section_bits(site, section), set()).add(section)
    return {bits: " / ".join(sorted(names)) for bits, names in found.items()}


def _places(connection: Connection, expression: str | None, choice: Choice) -> Select[Any]:
    """Return a query for the places of the articles that FTS5 finds and that fit a choice."""
    if expression is not None:
        place: ColumnElement[int] = fts.c.rowid
        places = select(place.label("place")).select_from(fts).where(matches(expression))
    else:
        place = documents.c.place
        places = select(place.label("place"))
    if choice.year:
        places = places.where(place.between(*choice.places))
    if choice.section:
        sections = schema.pages.c.site, schema.pages.c.section
        having = select(*sections).where(sections[1].in_(choice.section.split(" / "))).distinct()
        bits = [section_bits(*row) for row in connection.execute(having)]
        places = places.where(place.bitwise_and((1 << SECTION_BITS) - 1).in_(bits))
    for key, name in (
        (schema.article_tags.c.entity_id, choice.tag),
        (schema.article_sources.c.entity_id, choice.source),
    ):
        if name:
            having = select(key.table.c.article_id).where(key.in_(ids_named(connection, name)))
            # Added to 0, so that FTS5 is not asked for each place on its own.
            of_those = select(documents.c.place).where(documents.c.article_id.in_(having))
            places = places.where((place + 0).in_(of_those) if expression else place.in_(of_those))
    return places


def _article_ids(connection: Connection, places: Sequence[int]) -> list[int]:
    """Return the ids of the articles at some places, in their order."""
    query = select(documents.c.place, documents.c.article_id).where(documents.c.place.in_(_listed(places)))
    found = dict(connection.execute(query).all())
    return [found[place] for place in places if place in found]


def _counted(connection: Connection, places: Select[Any]) -> tuple[Counter[int], Counter[str]]:
    """Count places by year and by section."""
    place = places.subquery("found").c.place
    bits = place.bitwise_and((1 << SECTION_BITS) - 1).label("bits")
    day = place.bitwise_rshift(DAY_SHIFT).label("day")
    days = select(day, bits, func.count().label("number")).group_by(day, bits).subquery("days")
    # Days become years in SQL: a common word has hits on thousands of days.
    year = func.strftime("%Y", days.c.day + JULIAN_DAY_0)
    query = select(year, days.c.bits, func.sum(days.c.number)).group_by(year, days.c.bits)
    years: Counter[int] = Counter()
    sections: Counter[str] = Counter()
    counted = connection.execute(query).all()
    names = section_names(connection, [which for _, which, _ in counted])
    for when, which, number in counted:
        years[int(when)] += number
        sections[names[which]] += number
    return years, sections


def _most(connection: Connection, key: Column[int], ids: Sequence[int]) -> dict[str, int]:
    """Return the names that most of some articles have, and how many have each."""
    links, names = key.table, schema.entities
    number = func.count(func.distinct(links.c.article_id))
    query = (
        select(names.c.name, number)
        .join(links, key == names.c.id)
        .where(links.c.article_id.in_(_listed(ids)))
        .group_by(names.c.id)
        .order_by(number.desc(), names.c.name)
        .limit(MAX_VALUES)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _listed(values: Sequence[int]) -> Select[Any]:
    """Return numbers as a subquery: thousands of parameters would take longer than the question."""
    return select(func.json_each(json.dumps(values)).table_valued("value").c.value)
