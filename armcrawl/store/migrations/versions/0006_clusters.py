"""Articles with one text: fingerprints, relations, clusters."""

import sqlalchemy as sa
from alembic import op

from armcrawl.store.schema import BigInt

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SHINGLE = "blake2b of a run of four words, signed"


def upgrade() -> None:
    """Make the tables; `armcrawl dedupe rebuild` fills them for what is stored already."""
    op.create_table(
        "article_shingles",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False, comment=SHINGLE),
        sa.Column("article_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="The article"),
        sa.PrimaryKeyConstraint("hash", "article_id", name="pk_article_shingles"),
        comment="The lowest hashes of each article's text: what shares some may be a copy",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_shingles",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False, comment=SHINGLE),
        sa.PrimaryKeyConstraint("hash", name="pk_common_shingles"),
        comment="Runs of words that so many articles share that they tell nothing; `dedupe rebuild` makes the list",
    )
    _create_relations()
    _create_clusters()


def _create_relations() -> None:
    op.create_table(
        "relations",
        _article("first_id", "One article, the one with the lower key"),
        _article("second_id", "The other"),
        sa.Column("grade", sa.Text(), nullable=False, comment="same, near or excerpt"),
        _share("containment_first", "Which share of the one's text is in the other, 0 to 1"),
        _share("containment_second", "Which share of the other's text is in the one, 0 to 1"),
        _share("jaccard", "What both share of all that is in either, 0 to 1"),
        _to_articles("relations", "first_id"),
        _to_articles("relations", "second_id"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_relations"),
        comment="Articles that have text in common",
    )
    op.create_index("ix_relations_second_id", "relations", ["second_id"], unique=False)


def _create_clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", BigInt, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("key", sa.Text(), nullable=False, comment="The lowest key of its articles"),
        sa.Column("first_id", BigInt, nullable=True, comment="Who had it first; NULL for a tie"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="What tells so: link, attribution, time, day, length, tie"
        ),
        _share("confidence", "How sure that is, 0 to 1"),
        _to_articles("clusters", "first_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
        sa.UniqueConstraint("key", name="uq_clusters_key"),
        comment="Articles with one text: same and near ones, in one piece",
    )
    op.create_table(
        "cluster_members",
        _article("article_id", "The article"),
        sa.Column("cluster_id", BigInt, nullable=False, comment="Its cluster"),
        _to_articles("cluster_members", "article_id"),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name="fk_cluster_members_cluster_id_clusters", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_cluster_members"),
        comment="Which articles a cluster holds; an article that stands alone is in none",
    )
    op.create_index("ix_cluster_members_cluster_id", "cluster_members", ["cluster_id"], unique=False)


def _article(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, BigInt, nullable=False, comment=comment)


def _share(name: str, comment: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False, comment=comment)


def _to_articles(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["articles.id"], name=f"fk_{table}_{column}_articles", ondelete="CASCADE")
