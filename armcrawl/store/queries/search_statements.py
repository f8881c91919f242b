"""A search as one SQL statement, which an analyst can join with anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import literal_column, union_all

from armcrawl.store.base import schema
from armcrawl.store.queries.copies import later_copies
from armcrawl.store.queries.full_text_search import Finder, hits_of, in_order

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.choice import Choice

articles, documents = schema.articles, schema.search_documents


def statement_of(connection: Connection, query: SearchQuery, choice: Choice) -> str:
    """Return the statement that finds the same articles: their keys, and 1 for hits in the title, 2 in the names, 3.

    In the order of `search`: by rank, then by `place` from the highest.
    """
    finder = Finder(connection, query, replace(choice, once=False))
    hits = hits_of(connection).join(articles, articles.c.id == documents.c.article_id).where(*finder.filters)
    if choice.first or choice.last:
        hits = hits.where(documents.c.place.between(*choice.places))
    if choice.once:
        hits = hits.where(documents.c.place.not_in(later_copies(finder.all_places())))
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
