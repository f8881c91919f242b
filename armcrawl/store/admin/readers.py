"""A role of PostgreSQL that can search, export, count and show what is published, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.enumerations import WITHHELD
from armcrawl.store.base.shape import revisions, shape
from armcrawl.store.base.views import VIEWS, grant_views

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# PostgreSQL cuts longer names silently.
MAX_NAME_LENGTH = 63
# What the commands read that only read what is published. Of a page's bytes and of runs nothing is here.
TABLES = (
    *(shape, revisions, schema.pages, schema.articles, schema.article_versions, schema.search_documents),
    *(schema.entities, schema.entity_forms, schema.entity_addresses, schema.abbreviations),
    schema.entity_decisions,
    *(schema.article_tags, schema.article_sources),
    *(schema.images, schema.article_links, schema.clusters, schema.cluster_members),
    *(schema.unjoined, schema.texts, schema.relations, schema.shingle_postings),
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
IS_NAMED = """EXISTS (SELECT 1 FROM article_tags l WHERE l.{column} = {table}.id)
  OR EXISTS (SELECT 1 FROM article_sources l WHERE l.{column} = {table}.id)"""
IS_GIVEN = "used_as = 'name' AND EXISTS (SELECT 1 FROM entities e WHERE e.id = entity_id)"
IS_SHOWN = "number <= (SELECT a.published_version FROM articles a WHERE a.id = article_id)"
# Which rows of these are a reader's: those of what is published. A policy sees no more than its reader, so each may
# ask the ones before it. Of a page that was taken down a reader has to know that: who holds a copy deletes it.
SEEN = {
    schema.articles: "published_version IS NOT NULL",
    schema.pages: "outcome = 'removed' OR EXISTS (SELECT 1 FROM articles a WHERE a.page_id = pages.id)",
    schema.captures: "EXISTS (SELECT 1 FROM pages p WHERE p.id = page_id)",
    schema.article_versions: f"state <> '{WITHHELD}' AND {IS_SHOWN}",
    schema.entities: IS_NAMED.format(table="entities", column="entity_id"),
    schema.entity_forms: f"{IS_GIVEN} OR {IS_NAMED.format(table='entity_forms', column='form_id')}",
    schema.entity_addresses: "EXISTS (SELECT 1 FROM entity_forms f WHERE f.id = form_id)",
    schema.entity_decisions: """(article IS NULL OR EXISTS (SELECT 1 FROM articles a WHERE a.key = article))
      AND EXISTS (SELECT 1 FROM entity_forms f WHERE f.form = entity_decisions.form)
      AND (other IS NULL OR EXISTS (SELECT 1 FROM entity_forms f WHERE f.form = other))""",
}
# For all other roles nothing changes.
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
        _hide_unpublished(connection, quoted)
        if more := _more(connection, role):
            raise UsageError(
                f"{role} may use {more[0]} as well, through another role or PUBLIC: name a role of its own."
            )
    return not exists


def _grant_tables(connection: Connection, quoted: str) -> None:
    connection.exec_driver_sql(f"GRANT SELECT ON {', '.join(table.name for table in TABLES)} TO {quoted}")
    for column in COLUMNS:
        connection.exec_driver_sql(f"GRANT SELECT ({column.name}) ON {column.table.name} TO {quoted}")


def _hide_unpublished(connection: Connection, quoted: str) -> None:
    for table, condition in SEEN.items():
        name = table.name
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS {EVERYBODY} ON {name}")
        connection.exec_driver_sql(f"CREATE POLICY {EVERYBODY} ON {name} USING (true) WITH CHECK (true)")
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS {quoted} ON {name}")
        connection.exec_driver_sql(
            f"CREATE POLICY {quoted} ON {name} AS RESTRICTIVE FOR SELECT TO {quoted} USING ({condition})"
        )
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")


def _more(connection: Connection, role: str) -> list[str]:
    """Return the tables that a role may use beyond a reader's."""
    readable = [*(view.name for view in VIEWS), *(table.name for table in TABLES)]
    in_part = sorted({column.table.name for column in COLUMNS})
    given = {"role": role, "readable": readable, "in_part": in_part}
    return list(connection.execute(text(MORE), given).scalars())
