"""What an analyst does with a big database: pages of `serve`, counts, exports."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from armcrawl.store.database import open_database
from benchmarks import exporting, serving
from benchmarks.press import fill_big

if TYPE_CHECKING:
    from benchmarks.report import Figure

ARTICLES = 200_000


def analysts() -> list[Figure]:
    """Fill a database once, and measure all of it."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'press.db'}"
        engine = open_database(database)
        fill_big(engine, ARTICLES)
        engine.dispose()
        return [*exporting.measured(database), *serving.measured(database)]
