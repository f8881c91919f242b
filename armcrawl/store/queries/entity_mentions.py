"""Where an entity is named: when, in which forms, beside whom, by whom, in which articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, func, literal, select, union, union_all

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED
from armcrawl.store.base.sql import among, among_numbers
from armcrawl.store.entities.regrouping import USED_IN
from armcrawl.store.queries.counted_articles import naming
from armcrawl.store.queries.statistics import articles_of_entities

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Table

documents, entities, forms = schema.search_documents, schema.entities, schema.entity_forms
article_sources = schema.article_sources

# Where one article of a hundred names an entity, a tag of two articles stands beside it in both by chance once in ten
# thousand, and an archive has as many tags; one of three in all three once in a million.
MIN_TOGETHER = 3
# Companions are chosen among those that stand there most often: to count all articles of each takes longest.
MAX_COMPARED = 100
# In which forms and beside whom an entity stands is counted in so many of its articles, the newest: few have more.
MAX_READ = 2_000


class Companion(NamedTuple):
    """An entity that stands beside another, each as a tag or as a source, so that either's page counts the same.

    `together` articles of those that are read name both, `articles` of all name it. `lift` is how many times as
    often it stands there as in all articles: (together / articles that are read) / (articles / all articles), the
    "interest" of Brin and others, "Dynamic itemset counting and implication rules for market basket data", 1997.
    """

    name: str
    key: str
    kind: str | None
    together: int
    articles: int
    lift: float


class NamedSource(NamedTuple):
    """Whom attributions name, and in how many articles."""

    name: str
    key: str
    articles: int


class PrintedForm(NamedTuple):
    """How an entity is printed, as a tag or as a source, and how often."""

    form: str
    used_as: str
    times: int


def forms_of(connection: Connection, entity_id: int, ids: Collection[int]) -> list[PrintedForm]:
    """Return the printed forms that mean an entity in the articles with these ids, the most frequent first."""
    found = []
    for used_as, links in USED_IN.items():
        query = (
            select(forms.c.form, func.count())
            .join(links, links.c.form_id == forms.c.id)
            .where(links.c.entity_id == entity_id, _is_among(connection, links.c.article_id, ids))
            .group_by(forms.c.form)
        )
        found += [PrintedForm(form, used_as, times) for form, times in connection.execute(query)]
    return sorted(found, key=lambda one: (-one.times, one.form, one.used_as))


def ends_of(connection: Connection, entity_id: int, limit: int) -> tuple[list[int], int | None]:
    """Return the ids of the newest articles that name an entity, and that of the earliest with a date, or None.

    Those without a date come last of the newest. Where all of them lie is looked up once.
    """
    place = documents.c.place
    query = select(documents.c.article_id, place).where(documents.c.article_id.in_(naming([entity_id])))
    named = query.cte("named")
    newest = select(named, literal(value=False).label("is_first")).order_by(named.c.place.desc()).limit(limit)
    first = select(named, literal(value=True)).where(named.c.place >= FIRST_DATED).order_by(named.c.place).limit(1)
    rows = connection.execute(union_all(*(select(one.subquery()) for one in (newest, first)))).all()
    read = sorted(((row.place, row.article_id) for row in rows if not row.is_first), reverse=True)
    return [article_id for _, article_id in read], next((row.article_id for row in rows if row.is_first), None)


def companions_of(connection: Connection, entity_id: int, ids: Collection[int], limit: int) -> list[Companion]:
    """Return the entities that stand beside one, in the articles with these ids, more often than elsewhere, by lift.

    Only those that do so at least MIN_TOGETHER times, and of these the MAX_COMPARED most frequent.
    """
    beside = _beside(connection, USED_IN.values(), ids)
    beside.pop(entity_id, None)
    frequent = {one: number for one, number in beside.items() if number >= MIN_TOGETHER}
    compared = _most(connection, frequent, MAX_COMPARED)
    numbers = articles_of_entities(connection, ids=[row.id for row in compared])
    whole = connection.execute(select(func.count()).select_from(documents)).scalar_one()
    found = [
        Companion(row.name, row.key, row.kind, beside[row.id], number, beside[row.id] * whole / (len(ids) * number))
        for row in compared
        for number in (numbers[row.id],)
    ]
    rising = [one for one in found if one.lift > 1]
    return sorted(rising, key=lambda one: (-one.lift, -one.together, one.key))[:limit]


def sources_on(connection: Connection, ids: Collection[int], limit: int) -> list[NamedSource]:
    """Return the sources that most of the articles with these ids name, the most frequent first."""
    numbers = _beside(connection, [article_sources], ids)
    return [NamedSource(row.name, row.key, numbers[row.id]) for row in _most(connection, numbers, limit)]


def _beside(connection: Connection, uses: Iterable[Table], ids: Collection[int]) -> dict[int, int]:
    """Count the articles, of some, that name each entity in one of some tables of links."""
    named = union(
        *(
            select(links.c.entity_id, links.c.article_id).where(_is_among(connection, links.c.article_id, ids))
            for links in uses
        )
    ).subquery("named")
    # Once each, where several forms of a name stand in one article: a union of one does not see to it.
    query = select(named.c.entity_id, func.count(named.c.article_id.distinct())).group_by(named.c.entity_id)
    return dict(connection.execute(query).all())


def _is_among(connection: Connection, column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a column has one of some numbers; each is looked for by itself.

    By a condition on all at once PostgreSQL walks through the index of entities, article by article.
    """
    if connection.dialect.name == "postgresql":
        return column.in_(select(func.unnest(literal(list(ids), ARRAY(BigInteger)))))
    return among_numbers(connection, column, ids)


def _most(connection: Connection, numbers: Mapping[int, int], limit: int) -> list[Any]:
    """Return the rows of the entities with the highest numbers, those with one number by key."""
    least = min(sorted(numbers.values(), reverse=True)[:limit], default=0)
    ids = [one for one, number in numbers.items() if number >= least]
    rows = among(connection, select(entities), entities.c.id, ids)
    # By key in Python: a server's language would sort otherwise than SQLite.
    return sorted(rows, key=lambda row: (-numbers[row.id], row.key))[:limit]
