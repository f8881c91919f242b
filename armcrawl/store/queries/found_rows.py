"""All rows that a search finds, as a stream in the order of its hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, func, select, table

from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.queries.full_text_search import found_ids
from armcrawl.store.queries.view_rows import ROWS_AT_ONCE, Selection, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.choice import Choice
    from armcrawl.store.queries.full_text_search import Finder, Order

articles, versions = schema.articles, schema.article_versions
# The view of articles, with the types of its columns.
COLUMNS = columns_of(Selection())
VIEW = table("v_articles", *(Column(name, kind) for name, kind in COLUMNS.items()))


def rows_found(finder: Finder, order: Order, most: int | None = None) -> Iterator[list[Sequence[Any]]]:
    """Yield the rows of v_articles that are found, at most so many, some at a time.

    Behind each is when its version was written.
    """
    connection = finder.connection
    query = (
        select(articles.c.id, VIEW, versions.c.created_at)
        .join(articles, articles.c.key == VIEW.c.key)
        .join(versions, is_published())
    )

    def rows_of(some: Sequence[int]) -> list[Sequence[Any]]:
        found = {row[0]: row[1:] for row in among(connection, query, articles.c.id, some)}
        return [found[article_id] for article_id in some if article_id in found]

    if most is not None:
        yield rows_of(finder.find(most, order))
        return
    for each in finder.whole(order):
        with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(each) as hits:
            yield from map(rows_of, hits.scalars().partitions())


def count_found(connection: Connection, query: SearchQuery | None, choice: Choice) -> int:
    """Return how many articles are found, all of them."""
    found = found_ids(connection, query, choice).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def last_written(connection: Connection, query: SearchQuery | None, choice: Choice) -> datetime | None:
    """Return when the newest version among all that is found was written."""
    found = found_ids(connection, query, choice)
    last = select(func.max(versions.c.created_at)).join(articles, is_published()).where(articles.c.id.in_(found))
    moment: datetime | None = connection.execute(last).scalar()
    return moment
