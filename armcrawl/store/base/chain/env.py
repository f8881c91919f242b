"""What alembic runs: the revisions on the connection that it was given, in one transaction."""

from alembic import context

from armcrawl.store.base.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a column by making its table anew.
    render_as_batch=True,
)
context.run_migrations()
