"""What fell out of a cluster and waits to be compared anew is kept as a list; the log alone had told of it."""

import sqlalchemy as sa
from alembic import op

from armcrawl.store.schema import BigInt

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what fell out before, `armcrawl dedupe rebuild` finds."""
    op.create_table(
        "fallen",
        sa.Column("article_id", BigInt, nullable=False, comment="The article"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_fallen_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_fallen"),
        comment="Articles that fell out of a cluster when others changed or went, and wait to be compared anew",
    )
