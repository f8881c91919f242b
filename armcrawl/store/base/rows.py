"""Asking for many rows at once, on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, tuple_

from armcrawl.store.base.schema import article_versions, articles, pages
from armcrawl.store.base.upsert import ROWS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.sites import PageKey


def is_current() -> ColumnElement[bool]:
    """Return the condition that joins an article with its newest version, shown or withheld."""
    return and_(article_versions.c.article_id == articles.c.id, article_versions.c.number == articles.c.current_version)


def is_published() -> ColumnElement[bool]:
    """Return the condition that joins an article with the version that is shown of it."""
    return and_(
        article_versions.c.article_id == articles.c.id, article_versions.c.number == articles.c.published_version
    )


def among(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Collection[Any] | None
) -> Iterator[Any]:
    """Yield the rows whose column has one of the values, or all rows for None."""
    if values is None:
        yield from connection.execute(query)
        return
    for some in chunks(sorted(values)):
        yield from connection.execute(query.where(column.in_(some)))


def is_one_of(keys: Iterable[PageKey]) -> ColumnElement[bool]:
    """Return the condition for the ledger's rows of some pages; no more than a statement takes."""
    columns = (pages.c.site, pages.c.section, pages.c.external_id)
    return tuple_(*columns).in_([tuple(key) for key in sorted(set(keys))])


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield pieces of a list that fit into one statement."""
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield values[start : start + ROWS_AT_ONCE]
