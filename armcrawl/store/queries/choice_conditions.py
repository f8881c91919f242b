"""A choice as conditions of a query for articles, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, not_, or_, select

from armcrawl.store.base import schema
from armcrawl.store.queries.article_rows import ids_named
from armcrawl.store.queries.choice import Facet, places_of_year
from armcrawl.store.queries.stored_sections import in_sections

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select, Table

    from armcrawl.store.queries.choice import Choice

documents, entities = schema.search_documents, schema.entities
LINKS = {Facet.TAG: schema.article_tags, Facet.SOURCE: schema.article_sources, Facet.KIND: schema.article_tags}


def conditions(
    connection: Connection, choice: Choice, place: ColumnElement[int] = documents.c.place
) -> list[ColumnElement[bool]]:
    """Return the conditions for the articles of a choice; the days and `once` are not among them.

    `place` is that of the articles in the query, which on PostgreSQL has the documents themselves.
    """
    among = _Among(connection, place)
    found = in_sections(connection, choice, among.place, among)
    if years := choice.of(Facet.YEAR):
        found.append(or_(*(among.place.between(*places_of_year(year)) for year in years)))
    found += [not_(among.place.between(*places_of_year(year))) for year in choice.without(Facet.YEAR)]
    for facet in (Facet.TAG, Facet.SOURCE):
        found += [among(_linked(connection, LINKS[facet], value)) for value in choice.of(facet)]
        found += [not_(among(_linked(connection, LINKS[facet], value))) for value in choice.without(facet)]
    found += [among.of_kind(kind) for kind in choice.of(Facet.KIND)]
    found += [not_(among.of_kind(kind)) for kind in choice.without(Facet.KIND)]
    return found


def ids_of(connection: Connection, links: Table, name: str) -> list[int]:
    """Return the ids of the entities of `links` that are called so, or else of all that go by any form of the name.

    So a name that a facet counts finds what was counted, also where it is a form of what a person has split off.
    """
    is_linked = exists().where(links.c.entity_id == entities.c.id)
    exact = connection.execute(select(entities.c.id).where(entities.c.name == name, is_linked)).scalars()
    return sorted(exact) or ids_named(connection, name)


@dataclass(frozen=True, slots=True)
class _Among:
    """Makes of a query for ids of articles the condition that an article is among them."""

    connection: Connection
    column: ColumnElement[int]

    @property
    def place(self) -> ColumnElement[int]:
        """The place for conditions that no index answers: FTS5 would be asked for each place on its own."""
        return self.column if self.column is documents.c.place else self.column + 0

    def __call__(self, ids: Select[Any]) -> ColumnElement[bool]:
        if self.connection.dialect.name == "postgresql":
            return documents.c.article_id.in_(ids)
        # By their places, as FTS5 knows nothing else of an article.
        others = documents.alias()
        return self.place.in_(select(others.c.place).where(others.c.article_id.in_(ids)))

    def of_kind(self, kind: str) -> ColumnElement[bool]:
        """Return the condition for the articles with a tag of a kind: half of all, so that each hit is looked at."""
        links, others = LINKS[Facet.KIND], documents.alias()
        tagged = exists().where(links.c.entity_id == entities.c.id, entities.c.kind == kind)
        if self.connection.dialect.name == "postgresql":
            return tagged.where(links.c.article_id == documents.c.article_id)
        return tagged.where(links.c.article_id == others.c.article_id, others.c.place == self.place)


def _linked(connection: Connection, links: Table, name: str) -> Select[Any]:
    """Return the query for the ids of the articles with a tag or a source."""
    return select(links.c.article_id).where(links.c.entity_id.in_(ids_of(connection, links, name)))
