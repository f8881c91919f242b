"""What was deleted leaves the database's files as well: free pages, the search index, what is written ahead."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from armcrawl.errors import DatabaseError
from armcrawl.store.base.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Engine

# FTS5 keeps what was deleted until its parts are merged: https://www.sqlite.org/fts5.html#the_optimize_command
MERGED = "INSERT INTO search_index (search_index) VALUES ('optimize')"
# Rows that a transaction still sees, which began before they were deleted, are not vacuumed away.
OLDER_SNAPSHOTS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'
    AND backend_xmin IS NOT NULL AND age(backend_xmin) > 0
"""


def compact(engine: Engine) -> None:
    """Write the database anew without what was deleted; it needs as much room as the database takes.

    On PostgreSQL rows that nobody sees any more give up their room; its WAL and archives of that are its operator's.
    Raises DatabaseError where somebody else reads or writes meanwhile.
    """
    if engine.dialect.name == "postgresql":
        names = ", ".join(sorted(metadata.tables))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
            is_read = server.exec_driver_sql(OLDER_SNAPSHOTS).scalar()
            server.exec_driver_sql(f"VACUUM {names}")
        if is_read:
            raise DatabaseError(_not_yet("somebody else reads it"))
        return
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(MERGED)
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise DatabaseError(_not_yet(str(error))) from error
    finally:
        raw.close()
    if busy:
        raise DatabaseError(_not_yet("somebody else reads it"))


def _not_yet(why: str) -> str:
    return (
        f"The page is removed, but what was deleted is still in the database's files ({why}): end what else uses the "
        "database, see that the disk has room for another copy of it, and run the command again."
    )
