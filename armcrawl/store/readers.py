"""A role of PostgreSQL that can read the views and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import UsageError
from armcrawl.store.views import VIEWS

if TYPE_CHECKING:
    from sqlalchemy import Engine


def grant(engine: Engine, role: str) -> bool:
    """Let a role read the views; return whether it had to be made. Raises UsageError on SQLite."""
    if engine.dialect.name != "postgresql":
        message = "SQLite has no roles: give readers a copy of the file, or open it with mode=ro."
        raise UsageError(message)
    quoted = engine.dialect.identifier_preparer.quote_identifier(role)
    with engine.begin() as connection:
        exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
        if not exists:
            connection.exec_driver_sql(f"CREATE ROLE {quoted} LOGIN")
        connection.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}")
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        views = ", ".join(view.name for view in VIEWS)
        connection.exec_driver_sql(f"GRANT SELECT ON {views} TO {quoted}")
    return not exists
