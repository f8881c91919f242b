"""A role of PostgreSQL that can search, export, count and show what is published, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.schema import WITHHELD
from armcrawl.store.base.shape import shape
from armcrawl.store.base.views import VIEWS, grant_views

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# PostgreSQL cuts longer names silently.
MAX_NAME_LENGTH = 63
# What the commands read that only read what is published. Of a page's bytes, of runs and of decisions nothing is here.
TABLES = (
    *(shape, schema.pages, schema.articles, schema.article_versions, schema.search_documents),
    *(schema.entities, schema.entity_forms, schema.entity_addresses, schema.abbreviations),
    *(schema.article_tags, schema.article_sources),
    *(schema.images, schema.article_links, schema.clusters, schema.cluster_members),
    *(schema.unjoined, schema.texts, schema.relations),
)
# What an export of changes asks for.
COLUMNS = (
    *(schema.runs.c.id, schema.runs.c.started_at),
    *(schema.captures.c.page_id, schema.captures.c.run_id, schema.captures.c.content_hash),
)
# What a role may read or write beside these.
MORE = """SELECT c.relname FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm')
  AND (has_table_privilege(:role, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    OR (c.relname <> ALL(:readable) AND (has_table_privilege(:role, c.oid, 'SELECT')
      OR (c.relname <> ALL(:in_part) AND has_any_column_privilege(:role, c.oid, 'SELECT')))))
  ORDER BY c.relname"""
# Withheld versions are no reader's; for all other roles nothing changes.
EVERYBODY = "armcrawl_everybody"


def grant(engine: Engine, role: str) -> bool:
    """Let a role read what is published; return whether it had to be made.

    Raises UsageError on SQLite, and for a role that can do, or is, more than a reader.
    """
    if engine.dialect.name != "postgresql":
        raise UsageError("SQLite has no roles: a file that one may only read is read as it is, by every command.")
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
        _grant_tables(connection, quoted)
        _hide_withheld(connection, quoted)
        if more := _more(connection, role):
            raise UsageError(
                f"{role} may use {more[0]} as well, through another role or PUBLIC: name a role of its own."
            )
    return not exists


def _grant_tables(connection: Connection, quoted: str) -> None:
    connection.exec_driver_sql(f"GRANT SELECT ON {', '.join(table.name for table in TABLES)} TO {quoted}")
    for column in COLUMNS:
        connection.exec_driver_sql(f"GRANT SELECT ({column.name}) ON {column.table.name} TO {quoted}")


def _hide_withheld(connection: Connection, quoted: str) -> None:
    versions = schema.article_versions.name
    connection.exec_driver_sql(f"DROP POLICY IF EXISTS {EVERYBODY} ON {versions}")
    connection.exec_driver_sql(f"CREATE POLICY {EVERYBODY} ON {versions} USING (true) WITH CHECK (true)")
    connection.exec_driver_sql(f"DROP POLICY IF EXISTS {quoted} ON {versions}")
    connection.exec_driver_sql(
        f"CREATE POLICY {quoted} ON {versions} AS RESTRICTIVE FOR SELECT TO {quoted} USING (state <> '{WITHHELD}')"
    )
    connection.exec_driver_sql(f"ALTER TABLE {versions} ENABLE ROW LEVEL SECURITY")


def _more(connection: Connection, role: str) -> list[str]:
    """Return the tables that a role may use beyond a reader's."""
    readable = [*(view.name for view in VIEWS), *(table.name for table in TABLES)]
    in_part = sorted({column.table.name for column in COLUMNS})
    given = {"role": role, "readable": readable, "in_part": in_part}
    return list(connection.execute(text(MORE), given).scalars())
