"""What each table, view, column and query means, in Russian and in English, as Datasette's metadata."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from armcrawl.store.base.schema import metadata as tables
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.analyst_queries import QUERIES

# The database's name in addresses, whatever its file is called.
DATABASE = "press"
# What only armcrawl itself reads.
HIDDEN = ("shape", "search_documents", "shingle_postings", "texts", "unindexed", "unjoined")
ITSELF = "_"


def metadata() -> dict[str, Any]:
    """Return Datasette's metadata; a meaning is Russian and English, parted by a line's end."""
    described = _described()
    return {
        "title": "armcrawl",
        "databases": {
            DATABASE: {
                "title": "База статей",
                "description": "Статьи, теги, источники и история правок\nArticles, tags, sources, and what was edited",
                "tables": {
                    **{name: {"hidden": True} for name in HIDDEN},
                    **{name: described[name] | {"hidden": name in HIDDEN} for name in described},
                },
                "queries": {
                    query.name: {
                        "title": " · ".join(query.title),
                        "description": "\n".join(query.meaning),
                        "sql": query.sql,
                    }
                    for query in QUERIES
                },
            }
        },
    }


def _described() -> dict[str, dict[str, Any]]:
    views = {view.name: {ITSELF: view.comment} | view.columns for view in VIEWS}
    stored = {
        table.name: {ITSELF: table.comment or ""} | {column.name: column.comment or "" for column in table.columns}
        for table in tables.tables.values()
    }
    return {
        name: {
            "description": _in_both(name, ITSELF, meanings[ITSELF]),
            "columns": {
                column: _in_both(name, column, meaning) for column, meaning in meanings.items() if column != ITSELF
            },
        }
        for name, meanings in (views | stored).items()
    }


def _in_both(table: str, column: str, english: str) -> str:
    """Return a meaning in both languages; in English alone as long as nobody has translated it."""
    ours = russian().get(table, {}).get(column, "")
    return f"{ours}\n{english}"


@cache
def russian() -> dict[str, dict[str, str]]:
    """Return the Russian meanings by table and column; that of the table itself is under `_`."""
    return tomllib.loads((Path(__file__).with_name("meanings.toml")).read_text(encoding="utf-8"))
