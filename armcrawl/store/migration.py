"""Bringing a database to the schema of this version: once, under a lock, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table, text

from armcrawl.errors import DatabaseError
from armcrawl.store.views import create_views, drop_views

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

# The newest revision under migrations/versions; a test compares the two, so that no command has to import alembic.
SCHEMA_VERSION = "0001"
VERSION_TABLE = "alembic_version"
# An arbitrary number that only armcrawl takes this PostgreSQL lock with.
MIGRATION_LOCK = 4_711_033_259


def version_of(connection: Connection) -> str | None:
    """Return the version of a database's schema; None for an empty database.

    Raises DatabaseError for tables that armcrawl did not make.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        version: str | None = connection.execute(
            select(column("version_num")).select_from(table(VERSION_TABLE))
        ).scalar()
        return version
    if tables & {"articles", "pages", "runs"}:
        message = "The database holds tables that armcrawl did not make: name another with --database."
        raise DatabaseError(message)
    return None


def check_version(connection: Connection) -> None:
    """Raise DatabaseError, with what to run, if the schema is not of this version."""
    version = version_of(connection)
    if version == SCHEMA_VERSION:
        return
    if version is not None and version > SCHEMA_VERSION:
        message = f"The database has schema {version}, this armcrawl knows {SCHEMA_VERSION}: install a newer one."
    else:
        message = f"The database has schema {version}, armcrawl needs {SCHEMA_VERSION}: run `armcrawl db upgrade`."
    raise DatabaseError(message)


def upgrade(engine: Engine) -> bool:
    """Bring the database to this version; return whether anything was to do. Others wait until it is done."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if version_of(connection) == SCHEMA_VERSION:
            return False
        from alembic import command

        drop_views(connection)
        command.upgrade(alembic_config(connection), "head")
        create_views(connection)
        return True


def alembic_config(connection: Connection) -> Config:
    """Return alembic's configuration for a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
