"""Finding articles: the same ones in the same order on both databases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, cast, column, literal_column, select, table, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import places_between

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select

    from armcrawl.russian.search_query import SearchQuery

# So many of the newest articles are looked through before PostgreSQL's index is asked: in 8 ms they show
# 20 hits for whatever stands in one article of a hundred.
NEWEST = 2_000

documents = schema.search_documents
fts = table("search_index", column("rowid"))  # FTS5's, beside the documents on SQLite


def find_articles(
    connection: Connection,
    query: SearchQuery,
    limit: int,
    *,
    filters: Sequence[ColumnElement[bool]] = (),
    first: date | None = None,
    last: date | None = None,
) -> list[int]:
    """Return ids of the articles that a query finds: hits in the title first, the newest first within each.

    `filters` are conditions for documents; `first` and `last` are days, both included.
    """
    places = places_between(first, last)
    if connection.dialect.name == "postgresql":
        border = _border(connection, places)
        conditions, find = _postgresql(query), partial(_find_on_postgresql, connection, places, border)
    else:
        conditions, find = _fts5(query), partial(_find_on_sqlite, connection, places)
    found: list[int] = []
    for condition in conditions:
        found += find(and_(condition, *filters), limit - len(found))
        if len(found) >= limit:
            break
    return found


def matching(connection: Connection, query: SearchQuery) -> CompoundSelect[Any]:
    """Return a query for the ids of all articles that a search finds, in no order."""
    if connection.dialect.name == "postgresql":
        hits, conditions = select(documents.c.article_id), _postgresql(query)
    else:
        hits, conditions = select(documents.c.article_id).join(fts, fts.c.rowid == documents.c.place), _fts5(query)
    return union_all(*(hits.where(condition) for condition in conditions))


def _find_on_sqlite(
    connection: Connection, places: tuple[int, int], condition: ColumnElement[bool], limit: int
) -> list[int]:
    # FTS5 reads its hits backwards without sorting them, and stops at the limit.
    statement = (
        select(documents.c.article_id)
        .join(fts, fts.c.rowid == documents.c.place)
        .where(fts.c.rowid.between(*places), condition)
        .order_by(fts.c.rowid.desc())
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def _border(connection: Connection, places: tuple[int, int]) -> int | None:
    """Return the place below which PostgreSQL's index is asked; None for fewer articles than are looked through."""
    place = documents.c.place
    border: int | None = connection.execute(
        select(place).where(place.between(*places)).order_by(place.desc()).offset(NEWEST).limit(1)
    ).scalar()
    # A table that is read through, word vectors and all, is the slowest plan whatever the planner thinks.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return border


def _find_on_postgresql(
    connection: Connection,
    places: tuple[int, int],
    border: int | None,
    condition: ColumnElement[bool],
    limit: int,
) -> list[int]:
    """Look through the newest articles, then ask the index for hits among the others.

    The planner cannot choose between the two: it knows neither how rare a rare word is, nor a phrase of common words.
    """
    place = documents.c.place
    hits = select(documents.c.article_id, place).where(place.between(*places), condition)
    if border is None:
        return _newest_first(connection, hits, limit)
    found = _newest_first(connection, hits.where(place > border), limit)
    if len(found) < limit:
        # Gathered first and sorted then: that is a plan from the index.
        others = hits.where(place <= border).cte().prefix_with("MATERIALIZED")
        found += _newest_first(connection, select(others.c.article_id, others.c.place), limit - len(found))
    return found


def _newest_first(connection: Connection, hits: Select[tuple[int, int]], limit: int) -> list[int]:
    newest = hits.order_by(hits.selected_columns.place.desc()).limit(limit)
    return [row.article_id for row in connection.execute(newest)]


def fts5_expression(query: SearchQuery) -> str:
    """Return what FTS5's MATCH takes to find all that a query finds."""
    return f"({_wanted(query)}){_unwanted(query)}"


def fts5_in_order(query: SearchQuery) -> tuple[str, str]:
    """Return the same in two parts: hits in the title, and all others."""
    title = f"({{title}} : ({_wanted(query)}))"
    return f"{title}{_unwanted(query)}", f"({_wanted(query)}) NOT {title}{_unwanted(query)}"


def _fts5(query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, and for all others."""
    return [matches(expression) for expression in fts5_in_order(query)]


def matches(expression: str) -> ColumnElement[bool]:
    """Return the condition for what FTS5 finds by an expression."""
    return literal_column("search_index").bool_op("MATCH")(expression)


def _wanted(query: SearchQuery) -> str:
    return " AND ".join(f'"{" ".join(phrase)}"' for phrase in query.wanted)


def _unwanted(query: SearchQuery) -> str:
    return "".join(f' NOT "{" ".join(phrase)}"' for phrase in query.unwanted)


def _postgresql(query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, and for all others."""
    wanted = cast(" & ".join(map(_tsquery, query.wanted)), TSQUERY)
    in_title = documents.c.title.bool_op("@@")(wanted)
    anywhere = documents.c.text.bool_op("@@")(wanted)
    conditions: list[ColumnElement[bool]] = [in_title, anywhere & ~in_title]
    if query.unwanted:
        unwanted = cast(" | ".join(map(_tsquery, query.unwanted)), TSQUERY)
        conditions = [condition & ~documents.c.text.bool_op("@@")(unwanted) for condition in conditions]
    return conditions


def _tsquery(phrase: tuple[str, ...]) -> str:
    return "(" + " <-> ".join(f"'{term}'" for term in phrase) + ")"
