"""A search as one SQL statement, which an analyst can join with anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import literal_column, union_all

from armcrawl.store.base import schema
from armcrawl.store.base.article_order import places_between
from armcrawl.store.queries.full_text_search import hits_of, in_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from armcrawl.russian.search_query import SearchQuery

articles, documents = schema.articles, schema.search_documents


def statement_of(
    connection: Connection,
    query: SearchQuery,
    *,
    filters: Sequence[ColumnElement[bool]] = (),
    first: date | None = None,
    last: date | None = None,
) -> str:
    """Return the statement that finds the same articles: their keys, and 1 for hits in the title, 2 in the names, 3.

    In the order of `search`: by rank, then by `place` from the highest.
    """
    limits = list(filters)
    if first or last:
        limits.append(documents.c.place.between(*places_between(first, last)))
    hits = hits_of(connection).join(articles, articles.c.id == documents.c.article_id).where(*limits)
    ranked = [
        hits.with_only_columns(
            articles.c.key, literal_column(str(rank)).label("rank"), documents.c.place, maintain_column_froms=True
        ).where(condition)
        for rank, condition in enumerate(in_order(connection, query), 1)
    ]
    whole = union_all(*ranked).order_by(literal_column("rank"), literal_column("place").desc())
    compiled = whole.compile(connection.engine, compile_kwargs={"literal_binds": True})
    # Drivers that take %s for a parameter have written a percent sign twice.
    return str(compiled).replace("%%", "%")
