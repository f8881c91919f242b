"""What an analyst does with a big database: counts, exports, pages of `serve`; `searching` has the searches."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from armcrawl.store.base.database import open_database
from benchmarks import exporting, serving
from benchmarks.press import fill_big

if TYPE_CHECKING:
    from benchmarks.report import Figure

# Of these so many go through the store: that takes most of the time.
ARTICLES, WRITTEN = 200_000, 5_000


def analysts() -> list[Figure]:
    """Fill a database, and measure all of it."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/press.db"
        engine = open_database(database)
        fill_big(engine, ARTICLES, WRITTEN)
        engine.dispose()
        return [*exporting.measured(database), *serving.measured(database)]
