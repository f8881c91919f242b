"""An empty database of each kind, PostgreSQL on a server of its own."""

from __future__ import annotations

from contextlib import closing, contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.postgresql import Databases, OwnServer, server_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The tests' servers wait for no disk; a reader's does.
AS_INSTALLED = ("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")


@contextmanager
def each_kind() -> Iterator[dict[str, Callable[[], str]]]:
    """Yield for each kind of database a function that makes a new one and returns its URL."""
    with TemporaryDirectory() as folder, server_folder() as other, closing(OwnServer(other)) as server:
        databases = Databases(server.address)
        for statement in AS_INSTALLED:
            databases.execute(statement)
        names = iter(range(1_000))
        yield {
            "SQLite": lambda: f"sqlite:///{folder}/{next(names)}.db",
            "PostgreSQL": lambda: databases.make(databases.template),
        }
