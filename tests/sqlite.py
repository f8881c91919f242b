"""SQLite databases with all tables: copies of one file, as making them anew takes a tenth of a second each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from armcrawl.store.base.database import open_database


@cache
def _template() -> bytes:
    with TemporaryDirectory(prefix="armcrawl-sqlite-") as folder:
        path = Path(folder) / "template.db"
        open_database(f"sqlite:///{path}").dispose()
        return path.read_bytes()


def make_sqlite(path: Path) -> str:
    """Write an empty database with all tables to a file, and return its URL."""
    path.write_bytes(_template())
    return f"sqlite:///{path}"
