"""What a run wrote is found by its run, clusters by who is first in them; no list of common runs of words.

The lists of the index have an end of their own now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COMMENTS = {
    ("clusters", "first_id"): (
        "Who had it first; NULL for a tie, or if nobody looked",
        "Who had it first; NULL for a tie",
    ),
    ("clusters", "reason"): (
        "What tells so: link, attribution, time, day, length, tie; size of a series, waiting",
        "What tells so: link, attribution, time, day, length, tie",
    ),
}


def upgrade() -> None:
    """Make the indexes, and drop the list; `armcrawl dedupe rebuild` finds what it had hidden."""
    op.create_index("ix_article_versions_run_id", "article_versions", ["run_id"], unique=False)
    op.create_index("ix_clusters_first_id", "clusters", ["first_id"], unique=False)
    op.drop_table("common_shingles")
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), (new, old) in COMMENTS.items():
            kind = sa.BigInteger() if column.endswith("_id") else sa.Text()
            op.alter_column(table, column, comment=new, existing_comment=old, existing_type=kind)
