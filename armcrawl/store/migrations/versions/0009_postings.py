"""The index of shingles as packed lists: a row for each posting took PostgreSQL 2.4 kilobytes an article."""

from collections.abc import Iterator
from itertools import groupby
from struct import Struct

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BUCKETS = 1 << 18
POSTING = Struct("<qI")
BUCKETS_AT_ONCE = 4_096


def upgrade() -> None:
    """Pack what is in the old index, some thousand lists at a time."""
    table = op.create_table(
        "shingle_postings",
        sa.Column(
            "bucket",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="The lowest 18 bits of the hashes in this row",
        ),
        sa.Column(
            "postings",
            sa.LargeBinary(),
            nullable=False,
            comment="One after another: a hash of 8 bytes and the id of an article of 4, little-endian",
        ),
        sa.PrimaryKeyConstraint("bucket", name="pk_shingle_postings"),
        comment="By the lowest hashes of each article's text, the articles: what shares some may be a copy",
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        # Lists grow by a posting at a time: with room in its page, PostgreSQL need not touch the key's index.
        op.execute("ALTER TABLE shingle_postings SET (fillfactor = 80)")
        # What somebody else writes meanwhile would be dropped with the table.
        op.execute("LOCK TABLE article_shingles IN ACCESS EXCLUSIVE MODE")
    for rows in _packed(connection):
        op.bulk_insert(table, rows)
    op.drop_table("article_shingles")


def _packed(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """Yield rows of the new table; the database sorts the postings by their buckets, on disk if they are many."""
    query = sa.text("SELECT hash, article_id FROM article_shingles ORDER BY hash & :lowest, hash, article_id")
    query = query.bindparams(lowest=BUCKETS - 1)
    postings = connection.execute(query, execution_options={"yield_per": 10_000})
    rows: list[dict[str, object]] = []
    for bucket, some in groupby(postings, key=lambda posting: posting.hash % BUCKETS):
        rows.append({"bucket": bucket, "postings": b"".join(POSTING.pack(*posting) for posting in some)})
        if len(rows) == BUCKETS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows
