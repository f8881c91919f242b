"""How many articles belong to two things at once: a source and a month, a tag and a section."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, union

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.base.sql import among_numbers
from armcrawl.store.queries.counted_articles import ALL, USES, Among, every_month, is_counted, month_of, places_of_years

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine, Subquery

articles, pages, documents, entities = schema.articles, schema.pages, schema.search_documents, schema.entities


class By(StrEnum):
    """What articles are counted by."""

    MONTH = "month"
    TAG = "tag"
    SOURCE = "source"
    ENTITY = "entity"
    SECTION = "section"


# In which tables an article is linked with the entities that it is counted by.
LINKED = {By.TAG: USES[:1], By.SOURCE: USES[1:], By.ENTITY: USES}


@dataclass(frozen=True, slots=True)
class Crossed:
    """What articles are counted by, on either side, and how many belong to each two; who has none is left out.

    A month is `2016-05`, `2015` where only the year is known, None without a date; a section has its site before it.
    Months rise, with empty ones among them; of all others the most frequent comes first.
    """

    one: list[str | None]
    other: list[str | None]
    articles: dict[tuple[str | None, str | None], int]


def crossed(engine: Engine, one: By, other: By, among: Among = ALL, most: int = 0) -> Crossed:
    """Count the articles of each two; of names and sections the `most` frequent of either side, 0 for all."""
    with reading_one_moment(engine) as connection:
        counted = select(documents.c.article_id).where(is_counted(connection, among)).subquery("counted")
        first, second = (_side(by, counted) for by in (one, other))
        called = [_called(connection, by, side, most) for by, side in ((one, first), (other, second))]
        query = select(first.c.value, second.c.value, func.count()).group_by(first.c.value, second.c.value)
        query = query.join_from(first, second, second.c.article_id == first.c.article_id)
        if most:
            sides = list(zip((one, other), (first, second), called, strict=True))
            query = query.where(
                *(among_numbers(connection, side.c.value, names) for by, side, names in sides if by in LINKED),
                *(side.c.value.in_(list(names)) for by, side, names in sides if by is By.SECTION),
            )
        found: Counter[tuple[str | None, str | None]] = Counter()
        for value, another, number in connection.execute(query):
            found[called[0][value], called[1][another]] += number
    return Crossed(_in_order(one, called[0]), _in_order(other, called[1]), dict(found))


def _side(by: By, counted: Subquery) -> Subquery:
    """Return for each article that is counted what it is counted by, each once."""
    if by is By.MONTH:
        day = documents.c.place // FIRST_DATED
        # Below zero, so that the first of January of a year is not the whole year.
        side = select(
            documents.c.article_id, case((documents.c.place.in_(places_of_years()), -day), else_=day).label("value")
        )
        return side.where(documents.c.article_id.in_(select(counted.c.article_id))).subquery()
    if by is By.SECTION:
        section = (pages.c.site + "/" + pages.c.section).label("value")
        side = select(articles.c.id.label("article_id"), section).join(pages, pages.c.id == articles.c.page_id)
        return side.where(articles.c.id.in_(select(counted.c.article_id))).subquery()
    named = [
        select(table.c.article_id, table.c.entity_id.label("value")).where(
            table.c.article_id.in_(select(counted.c.article_id))
        )
        for table in LINKED[by]
    ]
    return (union(*named) if len(named) > 1 else named[0].distinct()).subquery()


def _called(connection: Connection, by: By, side: Subquery, most: int) -> dict[Any, str | None]:
    """Return what each value is called, the most frequent first."""
    numbers: dict[Any, int] = dict(connection.execute(select(side.c.value, func.count()).group_by(side.c.value)).all())
    if by is By.MONTH:
        return {value: month_of(value) for value in numbers}
    names = dict(connection.execute(select(entities.c.id, entities.c.name)).all()) if by in LINKED else {}
    # By name in Python: a server's language would sort otherwise than SQLite.
    rank = sorted((-number, names.get(value, value), value) for value, number in numbers.items())
    return {value: name for _, name, value in rank[: most or None]}


def _in_order(by: By, called: Mapping[Any, str | None]) -> list[str | None]:
    """Return the names in the order of their values, and months with the empty ones, before years and no date."""
    names = list(dict.fromkeys(called.values()))
    if by is not By.MONTH:
        return names
    months = [name for name in names if name and "-" in name]
    years = sorted(name for name in names if name and "-" not in name)
    undated = [name for name in names if name is None]
    return [*(every_month(min(months), max(months)) if months else []), *years, *undated]
