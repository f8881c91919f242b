"""The schema's page, made from the comments of tables, views and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql

from armcrawl.store.base.schema import metadata
from armcrawl.store.base.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

INTRODUCTION = """\
# The database

This page is made by `armcrawl db schema` from the comments in the database itself.

Analysts read the **views**: they stay as they are. Tables may change from version to version. Times are UTC,
dates are the site's own day. `key` is the public identity of an article, equal in every database; `id` is not.

## Views
"""
PICTURE = """\
## Tables

```mermaid
erDiagram
"""


def schema_page() -> str:
    """Return the page in Markdown."""
    return "\n".join([INTRODUCTION, *_views(), PICTURE + "\n".join(_relations()) + "\n```\n", *_tables()])


def _views() -> Iterator[str]:
    for view in VIEWS:
        yield f"### {view.name}\n\n{view.comment}.\n\n| column | meaning |\n|---|---|"
        yield "\n".join(f"| `{name}` | {meaning} |" for name, meaning in view.columns.items()) + "\n"


def _relations() -> Iterator[str]:
    for table in _sorted():
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            many = "||--o|" if key.parent.unique else "||--o{"
            yield f"  {key.column.table.name} {many} {table.name} : {key.parent.name}"


def _tables() -> Iterator[str]:
    for table in _sorted():
        yield f"### {table.name}\n\n{table.comment}.\n\n| column | type | meaning |\n|---|---|---|"
        yield "\n".join(_row(column) for column in table.columns) + "\n"


def _row(column: Column[object]) -> str:
    kind = column.type.compile(postgresql.dialect()).lower()  # type: ignore[no-untyped-call]
    marks = [mark for mark, is_set in (("key", column.primary_key), ("optional", column.nullable)) if is_set]
    refers = [f"→ {key.column.table.name}" for key in column.foreign_keys]
    return f"| `{column.name}` | {', '.join([kind, *marks, *refers])} | {column.comment} |"


def _sorted() -> list[Table]:
    return sorted(metadata.tables.values(), key=lambda table: table.name)
