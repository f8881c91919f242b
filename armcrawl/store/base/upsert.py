"""Insert or update in one statement, on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

# SQLite takes 32,766 parameters a statement; 500 rows of our widest table stay below.
ROWS_AT_ONCE = 500


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the connection's own kind of INSERT, which knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    update: Iterable[str] = (),
) -> None:
    """Insert rows; where one with the same `key` stands, set the columns of `update` (or leave it)."""
    if not rows:
        return
    insert = insert_for(connection, table)
    columns = {name: insert.excluded[name] for name in update}
    statement = (
        insert.on_conflict_do_update(index_elements=key, set_=columns)
        if columns
        else insert.on_conflict_do_nothing(index_elements=key)
    )
    connection.execute(statement, list(rows))
