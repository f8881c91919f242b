"""A role of PostgreSQL that can read the views and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import UsageError
from armcrawl.store.base.views import VIEWS, grant_views

# PostgreSQL cuts longer names silently.
MAX_NAME_LENGTH = 63
# What a role may read or write beside the views.
MORE = """SELECT c.relname FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm')
  AND (has_table_privilege(:role, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    OR (c.relname <> ALL(:views) AND has_any_column_privilege(:role, c.oid, 'SELECT')))
  ORDER BY c.relname"""

if TYPE_CHECKING:
    from sqlalchemy import Engine


def grant(engine: Engine, role: str) -> bool:
    """Let a role read the views; return whether it had to be made.

    Raises UsageError on SQLite, and for a role that can do, or is, more than a reader.
    """
    if engine.dialect.name != "postgresql":
        raise UsageError("SQLite has no roles: give readers a copy of the file, or open it with mode=ro.")
    if not 1 <= len(role.encode()) <= MAX_NAME_LENGTH or role.startswith("pg_") or role == "public":
        raise UsageError(f"{role!r} is no name for a reader: PostgreSQL takes 1 to 63 bytes, not public, nor pg_...")
    quoted = engine.dialect.identifier_preparer.quote_identifier(role)
    with engine.begin() as connection:
        exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
        owners = set(connection.execute(text("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")).scalars())
        if role in owners or role == connection.execute(text("SELECT current_user")).scalar():
            raise UsageError(f"{role} owns the database's tables: a reader needs a role of its own.")
        if not exists:
            connection.exec_driver_sql(f"CREATE ROLE {quoted} LOGIN")
        for kind in ("TABLES", "SEQUENCES"):
            connection.exec_driver_sql(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {quoted}")
        grant_views(connection, role)
        more = connection.execute(text(MORE), {"role": role, "views": [view.name for view in VIEWS]}).scalars().all()
        if more:
            raise UsageError(
                f"{role} may use {more[0]} as well, through another role or PUBLIC: name a role of its own."
            )
    return not exists
