"""Captures know the digest of what was received, so that an unchanged page is archived once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add `captures.payload_digest`."""
    comment = "Digest of the body as received, as the WARC record has it"
    op.add_column("captures", sa.Column("payload_digest", sa.Text(), comment=comment))
