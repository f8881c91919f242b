"""Whether a database is whole, and takes rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.errors import DatabaseError
from armcrawl.store.base.database import reading, shown, writing
from armcrawl.store.base.shape import is_new

if TYPE_CHECKING:
    from sqlalchemy import Engine


def check_whole(engine: Engine) -> None:
    """Raise DatabaseError for an empty database, and for an SQLite file that is damaged: that one is read to its end.

    PostgreSQL watches over its own files.
    """
    with reading(engine) as connection:
        if is_new(connection):
            raise DatabaseError(f"{shown(engine.url)} is empty: make its tables with `armcrawl db create`.")
        if engine.dialect.name == "sqlite":
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if said != "ok":
                raise DatabaseError(f"{shown(engine.url)} is damaged ({said}): bring it back from a backup.")


def check_writable(engine: Engine) -> None:
    """Raise DatabaseError if nothing can be written; nothing is."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # A standby begins a transaction as well, and takes no row.
            read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar()
            if read_only == "on":
                raise DatabaseError(f"{shown(engine.url)} can only be read: name the primary server.")
