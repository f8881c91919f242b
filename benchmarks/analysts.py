"""What an analyst does with a big database: searches, pages of `serve`, counts, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.store.base.database import open_database
from benchmarks import exporting, serving
from benchmarks.databases import each_kind
from benchmarks.press import fill_big
from benchmarks.searching import searched

if TYPE_CHECKING:
    from benchmarks.report import Figure

ARTICLES = 200_000


def analysts() -> list[Figure]:
    """Fill a database of each kind once, and measure all of it; what is told of SQLite alone needs no server."""
    figures: list[Figure] = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            database = make()
            engine = open_database(database)
            fill_big(engine, ARTICLES)
            figures += searched(engine, f"{ARTICLES:,}, {kind}")
            engine.dispose()
            if kind == "SQLite":
                figures += [*exporting.measured(database), *serving.measured(database)]
    return figures
