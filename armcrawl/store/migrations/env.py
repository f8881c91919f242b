"""What alembic runs: the connection comes from armcrawl.store.migration."""

from typing import Any

from alembic import context

from armcrawl.store.schema import metadata

# FTS5 keeps tables of its own beside its virtual one.
FTS_TABLES = ("search_index", "search_index_")


def is_ours(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Tell whether a migration looks after a thing on this database."""
    if kind == "table" and reflected and compare_to is None:
        return False  # somebody's own table beside ours
    if kind == "table" and name is not None and name.startswith(FTS_TABLES):
        return False
    dialect = item.info.get("dialect") if kind == "index" else None
    return dialect in {None, context.get_context().dialect.name}


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=is_ours,
    # SQLite cannot alter a table: alembic then copies it.
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
)
context.run_migrations()
