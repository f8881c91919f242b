"""Counting by day reads an index, not all texts."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    columns = ["article_id", "number", "published_on", "date_precision"]
    op.create_index("ix_article_versions_day", "article_versions", columns, unique=False)
