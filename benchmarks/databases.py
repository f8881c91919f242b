"""An empty database of each kind, PostgreSQL on a server of its own."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.postgresql import Databases, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def each_kind() -> Iterator[dict[str, Callable[[], str]]]:
    """Yield for each kind of database a function that makes a new one and returns its URL."""
    with TemporaryDirectory() as folder, server(Path(folder) / "postgresql") as address:
        databases = Databases(address)
        names = iter(range(1_000))
        yield {
            "SQLite": lambda: f"sqlite:///{folder}/{next(names)}.db",
            "PostgreSQL": lambda: databases.make(databases.template),
        }
