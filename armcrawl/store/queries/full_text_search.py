"""Finding articles: the same ones in the same order on both databases."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    and_,
    case,
    column,
    literal_column,
    not_,
    select,
    table,
    text,
)

from armcrawl.russian.search_tokens import PREFIX
from armcrawl.store.articles.search_index import places_of
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among_numbers
from armcrawl.store.queries.choice import EVERYTHING, Choice
from armcrawl.store.queries.choice_conditions import conditions
from armcrawl.store.queries.copies import later_copies
from armcrawl.store.queries.search_conditions import wanted_in
from armcrawl.store.queries.search_expressions import ALL, HEADING, TITLE, fts5, fts5_in_order
from armcrawl.store.queries.search_stretches import NEAREST, stretches, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.search_conditions import VectorQuery

# Hits are counted up to so many: to count all articles with a common word takes longer than to find the first.
MAX_COUNTED_HITS = 1_000
# Of PostgreSQL while it searches. A table that is read through, word vectors and all, is the slowest plan whatever the
# planner thinks; to compile a question takes longer than to answer it; and hits beyond the memory are read again.
SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL work_mem = '32MB'"
AS_USUAL = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT"

documents = schema.search_documents
fts = table("search_index", column("rowid", BigInteger))  # FTS5's, beside the documents on SQLite


class Order(StrEnum):
    """The order of hits."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class Finder:
    """Finds the articles of a query, or without one all, that fit a choice, on one connection."""

    def __init__(self, connection: Connection, query: SearchQuery | None, choice: Choice = EVERYTHING) -> None:
        self.connection = connection
        self.query = query
        self.choice = choice
        self.places = choice.places
        self.is_postgresql = connection.dialect.name == "postgresql"
        if self.is_postgresql:
            connection.execute(text(SETTINGS))
        self.place: ColumnElement[int] = fts.c.rowid if query and not self.is_postgresql else documents.c.place
        self.filters = conditions(connection, choice, self.place)
        if choice.once:
            copies = connection.execute(later_copies(self.all_places())).scalars().all()
            self.filters.append(not_(among_numbers(connection, self.place + 0, copies)))

    def all_places(self) -> Select[Any]:
        """Return the query for the places of all that is found, in no order."""
        # With 0 added a place is in no index of the documents: PostgreSQL is to look for words, and SQLite to read the
        # index that has no more than places, not the rows.
        place = self.place + 0 if self.is_postgresql == (self.query is not None) else self.place
        places = select(place.label("place")).where(*self.filters)
        if self.choice.first or self.choice.last:
            places = places.where(place.between(*self.places))
        places = places.select_from(fts if self.place is fts.c.rowid else documents)
        return places if self.query is None else places.where(_each_more(self.connection, self.query)[-1])

    def find(self, limit: int, order: Order = Order.BEST) -> list[int]:
        """Return ids of articles: hits in the title, then in tags and sources, then others, the newest first in each.

        Or all by their day, as without a query.
        """
        if self.is_postgresql and self.query and len(self._newest) <= MAX_COUNTED_HITS:
            by_day = {Order.NEWEST: self._newest, Order.OLDEST: self._newest[::-1]}
            return by_day[order][:limit] if order in by_day else self._best(self.query, limit)
        found: dict[int, None] = {}
        for columns in (TITLE, HEADING, ALL)[0 if order is Order.BEST and self.query else -1 :]:
            # All of the columns before are known, so that among so many hits there are enough others.
            found |= dict.fromkeys(self._first(columns, limit, is_rising=order is Order.OLDEST))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def count(self) -> int:
        """Return how many articles there are, at most one more than MAX_COUNTED_HITS."""
        return len(self._newest)

    def whole(self, order: Order) -> list[Select[Any]]:
        """Return the queries that bring the ids of all that is found, in an order, one after the other."""
        hits = hits_of(self.connection) if self.query else select(documents.c.article_id)
        hits = hits.where(self.place.between(*self.places), *self.filters)
        hits = hits.order_by(self.place if order is Order.OLDEST else self.place.desc())
        if self.query is None:
            return [hits]
        is_best = order is Order.BEST
        levels = in_order(self.connection, self.query) if is_best else _each_more(self.connection, self.query)[-1:]
        return [hits.where(condition) for condition in levels]

    @cached_property
    def _newest(self) -> list[int]:
        return self._first(ALL, MAX_COUNTED_HITS + 1)

    def _first(self, columns: frozenset[str], limit: int, *, is_rising: bool = False) -> list[int]:
        if self.query and self.is_postgresql:
            return self._first_on_postgresql(wanted_in(self.query, columns), limit, is_rising=is_rising)
        hits = select(documents.c.article_id).where(self.place.between(*self.places), *self.filters)
        if self.query:
            # FTS5 reads its hits in either order without sorting them, and stops at the limit.
            hits = hits.join(fts, fts.c.rowid == documents.c.place).where(matches(fts5(self.query.node, columns)))
        return self._by_place(hits, self.place, limit, is_rising=is_rising)

    def _first_on_postgresql(self, wanted: Sequence[VectorQuery], limit: int, *, is_rising: bool) -> list[int]:
        # All words that begin so are gathered from the whole index: what many articles have is found faster by reading.
        is_read = any(PREFIX in one.exact for one in wanted)
        found: list[int] = []
        for periods in self._stretches(found, limit, is_rising=is_rising):
            hits = select(documents.c.article_id, documents.c.place).where(*self.filters)
            lowest, highest = places_of(*periods)
            places = max(lowest, self.places[0]), min(highest, self.places[1])
            if is_read:
                place: ColumnElement[int] = documents.c.place
                looked_for = [one.is_read() for one in wanted]
            else:
                # A sum is in no index: only that of the words can find hits.
                place = documents.c.place + 0
                looked_for = [one.is_found(within(*periods)) for one in wanted]
            hits = hits.where(place.between(*places), *looked_for)
            found += self._by_place(hits, place, limit - len(found), is_rising=is_rising)
            if len(found) >= limit:
                break
            is_read = False
        return found

    def _stretches(self, found: Sequence[int], limit: int, *, is_rising: bool) -> Iterator[tuple[int, int]]:
        first, near_first, near_last, last = self._borders
        if first is not None and last is not None:
            ends = (first, last, near_first) if is_rising else (last, first, near_last)
            yield from stretches(*ends, found, limit)

    @cached_property
    def _borders(self) -> tuple[int | None, ...]:
        """Return the first place, that behind the first stretch from there, the same from the end on, and the last."""
        place = documents.c.place
        rising = select(place).where(place.between(*self.places)).order_by(place).limit(1)
        falling = rising.order_by(None).order_by(place.desc())
        asked = (rising, rising.offset(NEAREST), falling.offset(NEAREST), falling)
        return tuple(self.connection.execute(select(*(query.scalar_subquery() for query in asked))).one())

    def _best(self, query: SearchQuery, limit: int) -> list[int]:
        """Return the best of the newest hits, if these are all."""
        ranks = [
            (and_(*(one.is_read() for one in wanted_in(query, columns))), rank)
            for rank, columns in enumerate((TITLE, HEADING))
        ]
        places = (case(*ranks, else_=len(ranks)), documents.c.place.desc())
        those = among_numbers(self.connection, documents.c.article_id, self._newest)
        first = select(documents.c.article_id).where(those).order_by(*places).limit(limit)
        return list(self.connection.execute(first).scalars())

    def _by_place(self, hits: Select[Any], place: ColumnElement[int], limit: int, *, is_rising: bool) -> list[int]:
        query = hits.order_by(place if is_rising else place.desc()).limit(limit)
        return [row.article_id for row in self.connection.execute(query)]


def found_ids(connection: Connection, query: SearchQuery | None, choice: Choice) -> Select[Any]:
    """Return a query for the ids of all articles of a query that fit a choice, in no order, for other queries."""
    places = Finder(connection, query, choice).all_places()
    if connection.dialect.name == "postgresql":
        connection.execute(text(AS_USUAL))
    others = documents.alias()
    return select(others.c.article_id).where(others.c.place.in_(places))


def hits_of(connection: Connection) -> Select[Any]:
    """Return the query for the ids of articles to which a search's condition belongs."""
    hits = select(documents.c.article_id)
    return hits if connection.dialect.name == "postgresql" else hits.join(fts, fts.c.rowid == documents.c.place)


def in_order(connection: Connection, query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, for others in title, tags and sources, and for all others."""
    if connection.dialect.name != "postgresql":
        return [matches(expression) for expression in fts5_in_order(query.node)]
    title, heading, whole = _each_more(connection, query)
    return [title, heading & ~title, whole & ~heading]


def _each_more(connection: Connection, query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, in title, tags and sources, and anywhere."""
    if connection.dialect.name == "postgresql":
        levels = [wanted_in(query, columns) for columns in (TITLE, HEADING, ALL)]
        return [and_(*(one.is_found() for one in level)) for level in levels]
    return [matches(fts5(query.node, columns)) for columns in (TITLE, HEADING, ALL)]


def matches(expression: str) -> ColumnElement[bool]:
    """Return the condition for what FTS5 finds by an expression."""
    return literal_column("search_index").bool_op("MATCH")(expression)
