"""What two databases hold, for comparing: rows without what may differ, references by the keys of what they name."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.clusters.shingle_index import POSTING

if TYPE_CHECKING:
    from collections.abc import Container

    from sqlalchemy import Connection, Engine, Table

# Internal numbers, by whom and when it was.
DIFFERENT = {"id", "run_id", "is_judged", "place", "created_at", "fetched_at", "last_seen_at", "read_at", "started_at"}
DIFFERENT |= {"finished_at", "first_seen_at", "next_check_at", "stats"}
# Where in an archive; each crawl writes its own.
PLACES = ("archive_file", "archive_offset")
# What a row of another table is known by.
NATURAL = {"pages": "address", "articles": "key", "entities": "key", "entity_forms": "form", "clusters": "key"}


def rows_of(
    url: str, *, without: Container[str] = ("runs", "origins"), columns: Container[str] = PLACES
) -> dict[str, Counter[str]]:
    """Return the rows of each table as text, but for some tables, and some columns."""
    engine = open_database(url, create=False)
    try:
        return engine_rows(engine, without=without, columns=columns)
    finally:
        engine.dispose()


def engine_rows(
    engine: Engine, *, without: Container[str] = ("runs", "origins"), columns: Container[str] = PLACES
) -> dict[str, Counter[str]]:
    """Return the same of an open database."""
    with reading(engine) as connection:
        names = _names(connection)
        return {
            table.name: Counter(
                _row(table, dict(row), names, columns) for row in connection.execute(select(table)).mappings()
            )
            for table in schema.metadata.sorted_tables
            if table.name not in without and table is not schema.search_documents
        }


def _names(connection: Connection) -> dict[str, dict[int, str]]:
    tables = schema.metadata.tables
    names = {
        name: {row[0]: row[1] for row in connection.execute(select(tables[name].c.id, tables[name].c[column]))}
        for name, column in NATURAL.items()
    }
    captures = connection.execute(select(schema.captures.c.id, schema.captures.c.page_id))
    return names | {"captures": {row[0]: names["pages"][row[1]] for row in captures}}


def _row(table: Table, row: dict[str, Any], names: dict[str, dict[int, str]], columns: Container[str]) -> str:
    for column in table.columns:
        for reference in column.foreign_keys:
            if reference.column.table.name in names and row[column.name] is not None:
                row[column.name] = names[reference.column.table.name][row[column.name]]
    if table is schema.shingle_postings:  # in any order
        row["postings"] = sorted(POSTING.iter_unpack(row["postings"]))
    kept = {name: value for name, value in row.items() if name not in DIFFERENT and name not in columns}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)
