"""Runs vouch for their versions: what they saw, and what is withheld until then."""

import sqlalchemy as sa
from alembic import op

from armcrawl.store.schema import BigInt, Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; what is stored already stays shown."""
    for name, kind, comment in (
        ("host", sa.Text(), "Name of the machine"),
        ("exit_code", sa.Integer(), "What the command returned"),
        ("sentence", sa.Text(), "How it ended, in a sentence"),
        ("verdict", sa.Text(), "passed, refused, accepted or rejected; NULL where nothing was checked yet"),
        ("picture", Json, "How often each value of each measure was seen on the pages that it read"),
        ("breaches", Json, "What was seen otherwise than in earlier runs"),
    ):
        op.add_column("runs", sa.Column(name, kind, nullable=True, comment=comment))
    op.create_table(
        "withheld",
        sa.Column(
            "version_id", BigInt, autoincrement=False, nullable=False, comment="A version that no run has vouched for"
        ),
        sa.Column("article_id", BigInt, nullable=False, comment="Its article"),
        sa.Column("content", Json, nullable=False, comment="Its tags, sources, images and links"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.id"], name="fk_withheld_version_id_article_versions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_withheld_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", name="pk_withheld"),
        comment="Versions that are not shown: their run did not pass its checks, or has not ended",
    )
    op.create_index("ix_withheld_article_id", "withheld", ["article_id"], unique=False)
