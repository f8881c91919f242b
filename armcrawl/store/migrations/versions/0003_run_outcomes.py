"""How runs end is told in full."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the comment of `runs.outcome`."""
    if op.get_context().dialect.name == "postgresql":  # SQLite keeps no comments
        comment = "How it ended: done, budget, failed, blocked, interrupted, died; NULL while it runs"
        op.alter_column("runs", "outcome", existing_type=sa.Text(), comment=comment)
