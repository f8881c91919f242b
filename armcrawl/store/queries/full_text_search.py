"""Finding articles: the same ones in the same order on both databases."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    and_,
    any_,
    case,
    column,
    literal,
    literal_column,
    select,
    table,
    text,
)

from armcrawl.russian.search_tokens import PREFIX
from armcrawl.store.articles.search_index import places_of
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import places_between
from armcrawl.store.queries.search_conditions import wanted_in
from armcrawl.store.queries.search_expressions import ALL, HEADING, TITLE, fts5, fts5_in_order
from armcrawl.store.queries.search_stretches import NEAREST, stretches, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.russian.search_query import SearchQuery

# Hits are counted up to so many: to count all articles with a common word takes longer than to find the first.
MAX_COUNTED = 1_000
# Of PostgreSQL while it searches. A table that is read through, word vectors and all, is the slowest plan whatever the
# planner thinks; to compile a question takes longer than to answer it; and hits beyond the memory are read again.
SETTINGS = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL work_mem = '32MB'"

documents = schema.search_documents
fts = table("search_index", column("rowid", BigInteger))  # FTS5's, beside the documents on SQLite


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
            connection.execute(text(SETTINGS))

    def find(self, limit: int, order: Order = Order.BEST) -> list[int]:
        """Return ids of articles: hits in the title, then in tags and sources, then others, the newest first in each.

        Or all by their day.
        """
        if self.is_postgresql and len(self._newest) <= MAX_COUNTED:
            return self._in_order(self._newest, limit, order)
        found: dict[int, None] = {}
        for columns in (TITLE, HEADING, ALL)[0 if order is Order.BEST else -1 :]:
            # All of the columns before are known, so that among so many hits there are enough others.
            found |= dict.fromkeys(self._first(columns, limit, is_rising=order is Order.OLDEST))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def count(self) -> int:
        """Return how many articles there are, at most one more than MAX_COUNTED."""
        return len(self._newest)

    @cached_property
    def _newest(self) -> list[int]:
        return self._first(ALL, MAX_COUNTED + 1)

    def _first(self, columns: frozenset[str], limit: int, *, is_rising: bool = False) -> list[int]:
        if self.is_postgresql:
            return self._first_on_postgresql(columns, limit, is_rising=is_rising)
        # FTS5 reads its hits in either order without sorting them, and stops at the limit.
        condition = matches(fts5(self.query.node, columns))
        hits = hits_of(self.connection).where(fts.c.rowid.between(*self.places), condition, *self.filters)
        return self._by_place(hits, fts.c.rowid, limit, is_rising=is_rising)

    def _first_on_postgresql(self, columns: frozenset[str], limit: int, *, is_rising: bool) -> list[int]:
        wanted = wanted_in(self.query, columns)
        # All words that begin so are gathered from the whole index: what many articles have is found faster by reading.
        is_read = any(PREFIX in one.exact for one in wanted)
        found: list[int] = []
        for periods in self._stretches(found, limit, is_rising=is_rising):
            hits = select(documents.c.article_id, documents.c.place).where(*self.filters)
            lowest, highest = places_of(*periods)
            places = max(lowest, self.places[0]), min(highest, self.places[1])
            if is_read:
                place: ColumnElement[int] = documents.c.place
                conditions = [one.is_read() for one in wanted]
            else:
                # A sum is in no index: only that of the words can find hits.
                place = documents.c.place + 0
                conditions = [one.is_found(within(*periods)) for one in wanted]
            hits = hits.where(place.between(*places), *conditions)
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

    def _in_order(self, ids: Sequence[int], limit: int, order: Order) -> list[int]:
        """Return the first of some hits."""
        ranks = [
            (and_(*(one.is_read() for one in wanted_in(self.query, columns))), rank)
            for rank, columns in enumerate((TITLE, HEADING))
        ]
        place = documents.c.place.asc() if order is Order.OLDEST else documents.c.place.desc()
        places = [case(*ranks, else_=len(ranks)), place] if order is Order.BEST else [place]
        those = documents.c.article_id == any_(literal(list(ids), ARRAY(BigInteger)))
        first = select(documents.c.article_id).where(those).order_by(*places).limit(limit)
        return list(self.connection.execute(first).scalars())

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


def places_found(connection: Connection, query: SearchQuery) -> Select[Any]:
    """Return a query for the places of all articles that a search finds, as `place`, in no order."""
    if connection.dialect.name != "postgresql":
        return select(fts.c.rowid.label("place")).select_from(fts).where(matches(fts5(query.node)))
    connection.execute(text(SETTINGS))
    return select(documents.c.place).where(*(one.is_found() for one in wanted_in(query, ALL)))


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
