"""Counting by day, tag and source reads indexes, not all rows; what runs saw is kept section by section."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes, and drop those that they contain; what runs saw of all sections at once, no check can use."""
    op.execute("UPDATE runs SET picture = NULL")
    columns = ["date_precision", "article_id", "number", "published_on"]
    op.create_index("ix_article_versions_precision", "article_versions", columns, unique=False)
    for table, linked in (("article_tags", "tag_id"), ("article_sources", "source_id")):
        op.create_index(f"ix_{table}_{linked}_article_id", table, [linked, "article_id"], unique=False)
        op.drop_index(f"ix_{table}_{linked}", table_name=table)
