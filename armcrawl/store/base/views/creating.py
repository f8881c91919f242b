"""Making the views in a database, and letting readers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.errors import DatabaseError
from armcrawl.store.base.views.articles import OF_ARTICLES
from armcrawl.store.base.views.completeness import OF_COMPLETENESS
from armcrawl.store.base.views.copies import OF_COPIES
from armcrawl.store.base.views.entities import OF_ENTITIES
from armcrawl.store.base.views.history import OF_HISTORY
from armcrawl.store.base.views.rates import RATES

if TYPE_CHECKING:
    from sqlalchemy import Connection

VIEWS = (*OF_ARTICLES, *OF_ENTITIES, *OF_COPIES, *OF_HISTORY, RATES, *OF_COMPLETENESS)


def create_views(connection: Connection) -> None:
    """Create the views; on PostgreSQL with their comments."""
    dialect = connection.dialect.name
    for view in VIEWS:
        connection.execute(text(f"CREATE VIEW {view.name} AS {_without_parameters(view.query_on(dialect))}"))
        if dialect == "postgresql":
            connection.execute(text(f"COMMENT ON VIEW {view.name} IS {_quoted(view.comment)}"))
            for column, comment in view.columns.items():
                connection.execute(text(f"COMMENT ON COLUMN {view.name}.{column} IS {_quoted(comment)}"))


def drop_views(connection: Connection) -> None:
    """Drop the views, as tables below them cannot change otherwise.

    Raises DatabaseError where a view of somebody's own rests on one of them.
    """
    for view in VIEWS:
        try:
            connection.execute(text(f"DROP VIEW IF EXISTS {view.name}"))
        except DatabaseError as error:
            raise DatabaseError(
                f"A view of somebody's own rests on {view.name}: drop it, upgrade, and make it again."
            ) from error


def _quoted(comment: str) -> str:
    return "'" + _without_parameters(comment.replace("'", "''")) + "'"


def _without_parameters(sql: str) -> str:
    # A colon would be a parameter to SQLAlchemy.
    return sql.replace(":", "\\:")


def grant_views(connection: Connection, role: str) -> None:
    """Let a role of PostgreSQL read the views."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    names = ", ".join(view.name for view in VIEWS)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    connection.exec_driver_sql(f"GRANT SELECT ON {names} TO {quoted}")


def readers_of_views(connection: Connection) -> list[str]:
    """Return the roles of PostgreSQL that were let to read the views; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    query = text(
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants "
        "WHERE table_name = ANY(:views) AND privilege_type = 'SELECT' AND grantee <> grantor"
    )
    return sorted(connection.execute(query, {"views": [view.name for view in VIEWS]}).scalars())
