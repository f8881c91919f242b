"""Looks since the last change, and an index for what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `pages.checks`, and the index."""
    comment = "Looks in a row that showed nothing new"
    op.add_column("pages", sa.Column("checks", sa.Integer(), server_default="0", nullable=False, comment=comment))
    op.create_index("ix_pages_site_next_check_at", "pages", ["site", "next_check_at"])
    if op.get_context().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column(
            "pages",
            "outcome",
            existing_type=sa.Text(),
            comment="stored, missing, gone, not_article, quarantined, failed, removed",
        )
