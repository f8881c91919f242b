"""Moving everything from one database to another, of either kind."""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, collate, func, insert, select, text, tuple_
from sqlalchemy.exc import DataError, IntegrityError

from armcrawl.errors import DatabaseError, UsageError
from armcrawl.store.articles.versions import ids_shown, index_shown
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import ROWS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Table

# Made anew on the other side: its form differs between the two kinds of database.
REBUILT = (schema.search_documents, schema.unindexed)


def copy_database(source: Engine, target: Engine, *, resume: bool = False) -> dict[str, int]:
    """Copy all rows with their ids, make the search index, and compare; return the rows of each table.

    The source is read as it is at one moment, whatever others write meanwhile. Each batch is a transaction of the
    target: `resume` goes on behind the last one. Raises UsageError for a target that holds rows already, and
    DatabaseError if a row differs at the end.
    """
    tables = [table for table in schema.metadata.sorted_tables if table not in REBUILT]
    if not resume and any(_count(target, table) for table in tables):
        raise UsageError("The target holds rows already: name an empty database, or go on with a copy by --resume.")
    with at_one_moment(source) as connection:
        for table in tables:
            _copy_table(connection, target, table)
        wanted = [_digest(connection, table) for table in tables]
    _index(target)
    if target.dialect.name == "postgresql":
        set_sequences(target, tables)
    with at_one_moment(target) as connection:
        for table, digest in zip(tables, wanted, strict=True):
            if _digest(connection, table) != digest:
                raise DatabaseError(
                    f"{table.name} differs: the source has changed since the copy began. Copy anew into an empty "
                    "database."
                )
    return {table.name: _count(target, table) for table in tables}


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it is at its first question, however long it goes on."""
    # https://www.postgresql.org/docs/current/transaction-iso.html; on SQLite each reading transaction is like that.
    is_postgresql = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if is_postgresql else {}
    with engine.connect().execution_options(armcrawl_read_only=True, **options) as connection:
        yield connection


def _digest(connection: Connection, table: Table) -> str:
    """Return a digest of all rows, equal on both kinds of database."""
    digest = blake2b(digest_size=16)
    for rows in batches_of(connection, table, None):
        digest.update(json.dumps(rows, default=str, sort_keys=True).encode())
    return digest.hexdigest()


def _count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _copy_table(source: Connection, target: Engine, table: Table) -> None:
    """Copy a table's rows in the order of its primary key, behind the last one that the target has."""
    key = _key_by_bytes(target.dialect.name, table)
    with reading(target) as connection:
        query = select(*table.primary_key.columns).order_by(*(column.desc() for column in key)).limit(1)
        last = connection.execute(query).one_or_none()
    for rows in batches_of(source, table, last):
        try:
            with target.begin() as writing:
                writing.execute(insert(table), rows)
        except (IntegrityError, DataError, ValueError) as error:
            raise DatabaseError(
                f"The target does not take rows of {table.name}: copy into an empty database."
            ) from error


def batches_of(connection: Connection, table: Table, last: Sequence[Any] | None) -> Iterator[list[dict[str, Any]]]:
    """Yield a table's rows behind the `last` primary key, in its order."""
    key = _key_by_bytes(connection.dialect.name, table)
    while True:
        query = select(table).order_by(*key).limit(ROWS_AT_ONCE)
        if last is not None:
            query = query.where(tuple_(*key) > tuple_(*last))
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = [rows[-1][column.name] for column in table.primary_key.columns]


def _key_by_bytes(dialect: str, table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a primary key, texts ordered by bytes, as SQLite does: a server has a language."""
    is_postgresql = dialect == "postgresql"
    return [
        collate(column, "C") if is_postgresql and isinstance(column.type, Text) else column
        for column in table.primary_key.columns
    ]


def _index(target: Engine) -> None:
    """Index every article that the target shows."""
    for ids in ids_shown(target, ROWS_AT_ONCE):
        with target.begin() as connection:
            index_shown(connection, ids)


def set_sequences(target: Engine, tables: Sequence[Table]) -> None:
    """Let PostgreSQL count on behind the ids that were copied."""
    with target.begin() as connection:
        for table in tables:
            if table.autoincrement_column is not None and table.autoincrement_column.name == "id":
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                        f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
                    )
                )
