"""Finding articles: the same ones in the same order on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import cast, column, exists, literal_column, select, table, text, union_all
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
    tag_ids: Sequence[int] | None = None,
    source_ids: Sequence[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[int]:
    """Return ids of the articles that a query finds: hits in the title first, the newest first within each.

    `tag_ids` and `source_ids` are what an article must have one of; `first` and `last` are days, both included.
    """
    filters: list[ColumnElement[bool]] = [
        exists().where(links.c.article_id == documents.c.article_id, links.c[name].in_(ids))
        for links, name, ids in (
            (schema.article_tags, "tag_id", tag_ids),
            (schema.article_sources, "source_id", source_ids),
        )
        if ids is not None
    ]
    find = _find_on_postgresql if connection.dialect.name == "postgresql" else _find_on_sqlite
    return find(connection, query, limit, filters, places_between(first, last))


def matching(connection: Connection, query: SearchQuery) -> CompoundSelect[Any]:
    """Return a query for the ids of all articles that a search finds, in no order."""
    if connection.dialect.name == "postgresql":
        hits, conditions = select(documents.c.article_id), _postgresql(query)
    else:
        hits, conditions = select(documents.c.article_id).join(fts, fts.c.rowid == documents.c.place), _fts5(query)
    return union_all(*(hits.where(condition) for condition in conditions))


def _find_on_sqlite(
    connection: Connection,
    query: SearchQuery,
    limit: int,
    filters: list[ColumnElement[bool]],
    places: tuple[int, int],
) -> list[int]:
    # FTS5 reads its hits backwards without sorting them, and stops at the limit.
    statement = (
        select(documents.c.article_id)
        .join(fts, fts.c.rowid == documents.c.place)
        .where(fts.c.rowid.between(*places), *filters)
        .order_by(fts.c.rowid.desc())
    )
    found: list[int] = []
    for condition in _fts5(query):
        found += connection.execute(statement.where(condition).limit(limit - len(found))).scalars()
        if len(found) >= limit:
            break
    return found


def _find_on_postgresql(
    connection: Connection,
    query: SearchQuery,
    limit: int,
    filters: list[ColumnElement[bool]],
    places: tuple[int, int],
) -> list[int]:
    """Look through the newest articles, then ask the index for hits among the others.

    The planner cannot choose between the two: it knows neither how rare a rare word is, nor a phrase of common words.
    """
    place = documents.c.place
    among = select(documents.c.article_id, place).where(place.between(*places))
    border = connection.execute(among.with_only_columns(place).order_by(place.desc()).offset(NEWEST).limit(1)).scalar()
    # A table that is read through, word vectors and all, is the slowest plan whatever the planner thinks.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    found: list[int] = []
    for condition in _postgresql(query):
        hits = among.where(condition, *filters)
        newest = hits if border is None else hits.where(place > border)
        found += _newest_first(connection, newest, limit - len(found))
        if border is not None and len(found) < limit:
            # Gathered first and sorted then: that is a plan from the index.
            others = hits.where(place <= border).cte().prefix_with("MATERIALIZED")
            found += _newest_first(connection, select(others.c.article_id, others.c.place), limit - len(found))
        if len(found) >= limit:
            break
    return found


def _newest_first(connection: Connection, hits: Select[tuple[int, int]], limit: int) -> list[int]:
    return [
        row.article_id for row in connection.execute(hits.order_by(hits.selected_columns.place.desc()).limit(limit))
    ]


def fts5_expression(query: SearchQuery) -> str:
    """Return what FTS5's MATCH takes to find all that a query finds."""
    return f"({_wanted(query)}){_unwanted(query)}"


def fts5_in_order(query: SearchQuery) -> tuple[str, str]:
    """Return the same in two parts: hits in the title, and all others."""
    title = f"({{title}} : ({_wanted(query)}))"
    return f"{title}{_unwanted(query)}", f"({_wanted(query)}) NOT {title}{_unwanted(query)}"


def _fts5(query: SearchQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for hits in the title, and for all others."""
    matches = literal_column("search_index").op("MATCH", is_comparison=True)
    return [matches(expression) for expression in fts5_in_order(query)]


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
