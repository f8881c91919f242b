"""Tags in the nominative: what the parser makes of each form, what links to where, what people decided."""

import sqlalchemy as sa
from alembic import op

from armcrawl.store.schema import BigInt, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the forms their own names, and make the tables for addresses and decisions."""
    op.create_table(
        "tag_addresses",
        sa.Column("address", sa.Text(), nullable=False, comment="Where a tag links to"),
        sa.Column("form", sa.Text(), nullable=False, comment="The tag as printed there"),
        sa.Column(
            "is_shared",
            sa.Boolean(),
            nullable=False,
            comment="Another tag of the same article links there, so it tells nothing",
        ),
        sa.PrimaryKeyConstraint("address", "form", name="pk_tag_addresses"),
        comment="What printed forms link to: forms with one address are one tag",
    )
    op.create_index("ix_tag_addresses_form", "tag_addresses", ["form"], unique=False)
    op.execute(
        "INSERT INTO tag_addresses (address, form, is_shared) "
        "SELECT address, form, MAX(CASE WHEN EXISTS (SELECT 1 FROM article_tags o WHERE o.article_id = l.article_id "
        "AND o.address = l.address AND o.tag_id <> l.tag_id) THEN 1 ELSE 0 END) = 1 "
        "FROM article_tags l WHERE address IS NOT NULL GROUP BY address, form"
    )
    for column in ("form", "address"):
        op.create_index(f"ix_article_tags_{column}", "article_tags", [column], unique=False)
    op.create_table(
        "tag_decisions",
        sa.Column("id", BigInt, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("action", sa.Text(), nullable=False, comment="merge, split or rename"),
        sa.Column("form", sa.Text(), nullable=False, comment="A printed form of the tag"),
        sa.Column("other", sa.Text(), nullable=True, comment="merge: a printed form of the tag that is the same"),
        sa.Column("address", sa.Text(), nullable=True, comment="split: only where the form links to this address"),
        sa.Column("article", sa.Text(), nullable=True, comment="split: only in the article with this key"),
        sa.Column("name", sa.Text(), nullable=False, comment="What the tag is called from then on"),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="Who decided so"),
        sa.Column("decided_at", UtcDateTime(), nullable=False, comment="When (UTC)"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_decisions"),
        comment="What people decided of tags: it stands above what the parser says",
    )
    _keep_decisions()
    _add_to_forms()


def _keep_decisions() -> None:
    op.execute(
        "INSERT INTO tag_decisions (action, form, name, decided_by, decided_at) "
        "SELECT 'split', f.form, t.name, f.decided_by, CURRENT_TIMESTAMP "
        "FROM tag_forms f JOIN tags t ON t.id = f.tag_id WHERE f.decided_by IS NOT NULL"
    )


def _add_to_forms() -> None:
    forms, tags = "tag_forms", "tags"
    columns = (
        ("key", sa.Text(), "Key of the name that the parser gives it"),
        ("name", sa.Text(), "That name, in the nominative"),
        ("slug", sa.Text(), "Latin form of that name"),
        ("kind", sa.Text(), "person, organisation, place or topic, where certain"),
        ("confidence", sa.Float(), "How sure the name is, 0 to 1; below 0.6 somebody should look"),
    )
    for name, kind, comment in columns:
        op.add_column(forms, sa.Column(name, kind, nullable=True, comment=comment))
    # What the forms were taken for so far; `reparse --apply` gives them their nominative.
    for name in ("key", "name", "slug"):
        op.execute(f"UPDATE {forms} SET {name} = (SELECT t.{name} FROM {tags} t WHERE t.id = {forms}.tag_id)")  # noqa: S608
    op.execute(f"UPDATE {forms} SET confidence = 1")  # noqa: S608
    with op.batch_alter_table(forms) as batch:
        for name in ("key", "name", "slug", "confidence"):
            batch.alter_column(name, nullable=False)
        batch.drop_column("decided_by")
    op.create_index("ix_tag_forms_key", forms, ["key"], unique=False)
    if op.get_context().dialect.name == "postgresql":  # SQLite keeps no comments
        op.create_table_comment(forms, "Printed forms of tags, and what the parser makes of them")
