"""Bringing the tables of an older armcrawl up to those of this one, by a chain of revisions (alembic).

A change of the tables is a revision: a file in `chain/versions` that changes the tables of those who have data, the
same change in `schema.py`, and its number as `HEAD` in `shape.py`. The tests compare what comes of both.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import DatabaseError
from armcrawl.store.base.shape import ANOTHER, HEAD, SHAPE_LOCK, is_new, renew_views, revision_of
from armcrawl.store.base.views import drop_views, readers_of_views

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine


CHAIN = Path(__file__).parent / "chain"


def chain_of(connection: Connection) -> Config:
    """Return what alembic is told: where the revisions are, and the connection to use."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(CHAIN))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> str:
    """Bring a database to the tables and views of this armcrawl; return the revision that its tables had.

    All of it is one transaction: what fails leaves the database as it was. Raises DatabaseError for a database that is
    empty, or older than the chain, or of a newer armcrawl.
    """
    from alembic import command

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SHAPE_LOCK})
        if is_new(connection):
            raise DatabaseError("The database is empty: make its tables with `armcrawl db create`, or crawl.")
        before = revision_of(connection)
        if before is None:
            raise DatabaseError(ANOTHER)
        readers = readers_of_views(connection)
        drop_views(connection)
        if before != HEAD:
            if connection.dialect.name == "sqlite":
                # A table that is made anew is away for a moment: what refers to it is looked at when it is back.
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            command.upgrade(chain_of(connection), "head")
        renew_views(connection, readers)
    return before
