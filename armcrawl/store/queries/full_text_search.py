"""Finding articles: the same ones in the same order on both databases."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, column, literal, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import places_between
from armcrawl.store.queries.search_expressions import ALL, HEADING, TITLE, fts5, fts5_in_order, tsquery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.russian.search_query import SearchQuery

# So many of the newest articles are looked through before PostgreSQL's index is asked: in 8 ms they show
# 20 hits for whatever stands in one article of a hundred.
NEWEST = 2_000
# Hits are counted up to so many: to count all articles with a common word takes longer than to find the first.
MAX_COUNTED = 1_000

documents = schema.search_documents
fts = table("search_index", column("rowid"))  # FTS5's, beside the documents on SQLite


class Order(StrEnum):
    """The order of hits."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class Finder:
    """Finds the articles of a query among those that fit, on one connection.

    `filters` are conditions for documents; `first` and `last` are days, both included.
    """

    def __init__(
        self,
        connection: Connection,
        query: SearchQuery,
        *,
        filters: Sequence[ColumnElement[bool]] = (),
        first: date | None = None,
        last: date | None = None,
    ) -> None:
        self.connection = connection
        self.query = query
        self.filters = filters
        self.places = places_between(first, last)
        self.is_postgresql = connection.dialect.name == "postgresql"
        if self.is_postgresql:
            # A table that is read through, word vectors and all, is the slowest plan whatever the planner thinks.
            connection.execute(text("SET LOCAL enable_seqscan = off"))

    def find(self, limit: int, order: Order = Order.BEST) -> list[int]:
        """Return ids of articles: hits in the title, then in tags and sources, then others, the newest first in each.

        Or all by their day.
        """
        found: dict[int, None] = {}
        for condition in _each_more(self.connection, self.query)[0 if order is Order.BEST else -1 :]:
            # All of the condition before are known, so that among so many hits there are enough others.
            ids = self._first(and_(condition, *self.filters), limit, is_rising=order is Order.OLDEST)
            found |= dict.fromkeys(ids)
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def count(self) -> int:
        """Return how many articles there are, at most one more than MAX_COUNTED."""
        return len(self._first(and_(_each_more(self.connection, self.query)[-1], *self.filters), MAX_COUNTED + 1))

    def _first(self, condition: ColumnElement[bool], limit: int, *, is_rising: bool = False) -> list[int]:
        if not self.is_postgresql:
            # FTS5 reads its hits in either order without sorting them, and stops at the limit.
            hits = hits_of(self.connection).where(fts.c.rowid.between(*self.places), condition)
            return self._by_place(hits, fts.c.rowid, limit, is_rising=is_rising)
        return self._first_on_postgresql(condition, limit, is_rising=is_rising)

    def _first_on_postgresql(self, condition: ColumnElement[bool], limit: int, *, is_rising: bool) -> list[int]:
        """Look through the articles that come first, then ask the index for hits among the others.

        The planner cannot choose between the two: it knows neither how rare a word is, nor a phrase of common ones.
        """
        place = documents.c.place
        within = place.between(*self.places)
        border: int | None = self.connection.execute(
            select(place).where(within).order_by(place if is_rising else place.desc()).offset(NEWEST).limit(1)
        ).scalar()
        hits = select(documents.c.article_id, place).where(within, condition)
        if border is None:
            return self._by_place(hits, place, limit, is_rising=is_rising)
        near, beyond = (place < border, place >= border) if is_rising else (place > border, place <= border)
        found = self._by_place(hits.where(near), place, limit, is_rising=is_rising)
        if len(found) < limit:
            # Gathered first and sorted then: that is a plan from the index.
            others = hits.where(beyond).cte().prefix_with("MATERIALIZED")
            rest = select(others.c.article_id, others.c.place)
            found += self._by_place(rest, others.c.place, limit - len(found), is_rising=is_rising)
        return found

    def _by_place(self, hits: Select[Any], place: ColumnElement[int], limit: int, *, is_rising: bool) -> list[int]:
        query = hits.order_by(place if is_rising else place.desc()).limit(limit)
        return [row.article_id for row in self.connection.execute(query)]


def hits_of(connection: Connection) -> Select[tuple[int]]:
    """Return the query for the ids of articles to which a search's condition belongs."""
    hits = select(documents.c.article_id)
    return hits if connection.dialect.name == "postgresql" else hits.join(fts, fts.c.rowid == documents.c.place)


def matching(connection: Connection, query: SearchQuery) -> Select[tuple[int]]:
    """Return a query for the ids of all articles that a search finds, in no order."""
    return hits_of(connection).where(_each_more(connection, query)[-1])


def in_order(connection: Connection, query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, for others in title, tags and sources, and for all others."""
    if connection.dialect.name != "postgresql":
        return [matches(expression) for expression in fts5_in_order(query.node)]
    title, heading, whole = _each_more(connection, query)
    return [title, heading & ~title, whole & ~heading]


def _each_more(connection: Connection, query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, in title, tags and sources, and anywhere."""
    if connection.dialect.name == "postgresql":
        return [_within(query, TITLE), _within(query, HEADING), _within(query, ALL)]
    return [matches(fts5(query.node, columns)) for columns in (TITLE, HEADING, ALL)]


def matches(expression: str) -> ColumnElement[bool]:
    """Return the condition for what FTS5 finds by an expression."""
    return literal_column("search_index").bool_op("MATCH")(expression)


def _within(query: SearchQuery, columns: frozenset[str]) -> ColumnElement[bool]:
    """Return PostgreSQL's condition for hits in some columns; title, tags and sources have an index of their own."""
    wanted, whole = tsquery(query.node, columns, unwanted=False), tsquery(query.node, columns)
    if wanted != tsquery(query.node, columns & HEADING, unwanted=False):
        return _has(documents.c.text, whole)
    heading = _has(literal_column(schema.HEADING), wanted)
    return heading if wanted == whole else heading & _has(documents.c.text, whole)


def _has(vector: ColumnElement[Any], expression: str) -> ColumnElement[bool]:
    return vector.bool_op("@@")(cast(literal(expression, Text), TSQUERY))
