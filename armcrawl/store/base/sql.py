"""Pieces of SQL that many rooms need, on either database: which version of an article, and many rows at once."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Text, and_, any_, bindparam, cast, collate, func, literal, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from armcrawl.store.base.schema import article_versions, articles, pages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Delete, Select, Table, Update

    from armcrawl.sites import PageKey

# SQLite takes 32,766 parameters a statement; 500 rows of our widest table stay below.
ROWS_AT_ONCE = 500
# The parameter that `among` adds.
NUMBERS = "given_numbers"


def is_current() -> ColumnElement[bool]:
    """Return the condition that joins an article with its newest version, shown or withheld."""
    return and_(article_versions.c.article_id == articles.c.id, article_versions.c.number == articles.c.current_version)


def is_published() -> ColumnElement[bool]:
    """Return the condition that joins an article with the version that is shown of it."""
    return and_(
        article_versions.c.article_id == articles.c.id, article_versions.c.number == articles.c.published_version
    )


def by_bytes(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return by what rows are ordered by a column: a text by its bytes, as on SQLite, whatever a server's language."""
    is_postgresql = connection.dialect.name == "postgresql"
    return collate(column, "C") if is_postgresql and isinstance(column.type, Text) else column


def may_read(connection: Connection, table: Table) -> bool:
    """Tell whether the database's role may read all of a table; a reader of PostgreSQL may not read of runs."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.has_table_privilege(table.name, "SELECT"))).scalar_one())


def is_one_of(keys: Iterable[PageKey]) -> ColumnElement[bool]:
    """Return the condition for the ledger's rows of some pages; no more than a statement takes."""
    columns = (pages.c.site, pages.c.section, pages.c.external_id)
    return tuple_(*columns).in_([tuple(key) for key in sorted(set(keys))])


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield pieces of a list that fit into one statement."""
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield values[start : start + ROWS_AT_ONCE]


def among(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Collection[Any]
) -> Iterator[Any]:
    """Yield the rows whose column has one of the values; a query that is a constant is composed once."""
    for some in chunks(sorted(values)):
        if all(isinstance(value, int) for value in some):
            yield from connection.execute(
                _among_numbers(connection.dialect.name, query, column), _given(connection, some)
            ).all()
        else:
            yield from connection.execute(query.where(column.in_(some))).all()


def numbers_of(connection: Connection, query: Select[Any]) -> list[int]:
    """Return the numbers that a query of one column finds, in its order: to fetch a million rows takes longer.

    One text of them, as PostgreSQL looks at every element of an array whether it needs quotes.
    """
    found = query.subquery("found").c[0]
    is_postgresql = connection.dialect.name == "postgresql"
    joined = func.string_agg(cast(found, Text), ",") if is_postgresql else func.group_concat(found, ",")
    numbers: list[int] = json.loads(f"[{connection.execute(select(joined)).scalar_one() or ''}]")
    return numbers


def write_among(
    connection: Connection, statement: Update | Delete, column: ColumnElement[Any], values: Collection[Any]
) -> None:
    """Update or delete the rows whose column has one of the numbers."""
    for some in chunks(sorted(values)):
        connection.execute(_among_numbers(connection.dialect.name, statement, column), _given(connection, some))


def among_numbers(connection: Connection, column: ColumnElement[int], numbers: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a column has one of some numbers, thousands maybe, given as one parameter."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(numbers), ARRAY(BigInteger)))
    return column.in_(select(func.json_each(json.dumps(list(numbers))).table_valued("value").c.value))


def _given(connection: Connection, numbers: Sequence[int]) -> dict[str, Any]:
    """Return numbers as one parameter: to write many into a statement takes longer than to find the rows."""
    return {NUMBERS: list(numbers) if connection.dialect.name == "postgresql" else json.dumps(numbers)}


@lru_cache(maxsize=256)  # to compose a statement takes longer than to find a row
def _among_numbers(dialect: str, statement: Any, column: ColumnElement[Any]) -> Any:
    if dialect == "postgresql":
        return statement.where(column == func.any(cast(bindparam(NUMBERS), ARRAY(BigInteger))))
    return statement.where(column.in_(select(func.json_each(bindparam(NUMBERS)).table_valued("value").c.value)))


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the connection's own kind of INSERT, which knows ON CONFLICT."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return a database's own kind of INSERT, for statements that are composed once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    update: Iterable[str] = (),
) -> None:
    """Insert rows; where one with the same `key` stands, set the columns of `update` (or leave it)."""
    if rows:
        connection.execute(_upserting(connection.dialect.name, table, tuple(key), tuple(update)), list(rows))


@lru_cache(maxsize=64)
def _upserting(dialect: str, table: Table, key: tuple[str, ...], update: tuple[str, ...]) -> Any:
    insert = insert_of(dialect, table)
    if not update:
        return insert.on_conflict_do_nothing(index_elements=key)
    return insert.on_conflict_do_update(index_elements=key, set_={name: insert.excluded[name] for name in update})
