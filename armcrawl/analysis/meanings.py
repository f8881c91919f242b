"""What each table, view and column means, in Russian and in English."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from armcrawl.store.base.schema import metadata as tables
from armcrawl.store.base.views import VIEWS

ITSELF = "_"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning in both languages; `russian` is "" as long as nobody has translated it."""

    russian: str
    english: str


@dataclass(frozen=True, slots=True)
class Described:
    """A view or a table, with what it and its columns mean."""

    name: str
    meaning: Meaning
    columns: dict[str, Meaning]


def described_views() -> list[Described]:
    """Return the views with their meanings."""
    return [_described(view.name, view.comment, view.columns) for view in VIEWS]


def described_tables() -> list[Described]:
    """Return the tables with their meanings."""
    return [
        _described(table.name, table.comment or "", {column.name: column.comment or "" for column in table.columns})
        for table in tables.tables.values()
    ]


def _described(name: str, english: str, columns: dict[str, str]) -> Described:
    told = russian().get(name, {})
    meanings = {column: Meaning(told.get(column, ""), meaning) for column, meaning in columns.items()}
    return Described(name, Meaning(told.get(ITSELF, ""), english), meanings)


@cache
def russian() -> dict[str, dict[str, str]]:
    """Return the Russian meanings by table and column; that of the table itself is under `_`."""
    return tomllib.loads((Path(__file__).with_name("meanings.toml")).read_text(encoding="utf-8"))
