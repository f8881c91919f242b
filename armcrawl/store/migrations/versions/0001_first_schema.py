"""First schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TOKENS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

# FTS5 reads the terms from search_documents; the triggers tell it of every change.
FTS = (
    """CREATE VIRTUAL TABLE search_index USING fts5(title, text, content='search_documents', content_rowid='place',
  tokenize="ascii tokenchars '-./_'")""",
    """CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN
  INSERT INTO search_index (rowid, title, text) VALUES (new.place, new.title, new.text);
END""",
    """CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, text) VALUES ('delete', old.place, old.title, old.text);
END""",
    """CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN
  INSERT INTO search_index (search_index, rowid, title, text) VALUES ('delete', old.place, old.title, old.text);
  INSERT INTO search_index (rowid, title, text) VALUES (new.place, new.title, new.text);
END""",
)


def upgrade() -> None:
    """Make all tables, and the search index."""
    op.create_table(
        "exchange_rates",
        sa.Column("site", sa.Text(), nullable=False, comment="Name of the site that printed them"),
        sa.Column("day", sa.Date(), nullable=False, comment="Their day"),
        sa.Column("euro", sa.Numeric(precision=12, scale=4), nullable=False, comment="Roubles for one euro"),
        sa.Column("dollar", sa.Numeric(precision=12, scale=4), nullable=False, comment="Roubles for one dollar"),
        sa.PrimaryKeyConstraint("site", "day", name="pk_exchange_rates"),
        comment="Exchange rates from the pages' header",
    )
    op.create_table(
        "origins",
        sa.Column("site", sa.Text(), nullable=False, comment="Name of the site"),
        sa.Column("origin", sa.Text(), nullable=False, comment="Address of the server that pages were fetched from"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first used (UTC)"),
        sa.PrimaryKeyConstraint("site", "origin", name="pk_origins"),
        comment="The servers that this database was filled from",
    )
    op.create_table(
        "pages",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("site", sa.Text(), nullable=False, comment="Name of the site"),
        sa.Column("section", sa.Text(), nullable=False, comment="Section of the site"),
        sa.Column("external_id", sa.Text(), nullable=False, comment="The site's own id of the page"),
        sa.Column(
            "number", sa.BigInteger(), nullable=True, comment="The id as a number, where the site counts its pages"
        ),
        sa.Column("address", sa.Text(), nullable=False, comment="The one address of the page"),
        sa.Column(
            "outcome", sa.Text(), nullable=False, comment="stored, missing, gone, not_article, quarantined or failed"
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why, for every outcome but stored"),
        sa.Column("http_status", sa.Integer(), nullable=True, comment="Status of the last answer"),
        sa.Column("etag", sa.Text(), nullable=True, comment="ETag of the last answer with a page"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Last-Modified of the last answer with a page"),
        sa.Column("digest", sa.Text(), nullable=True, comment="blake2b of the last body"),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first asked for (UTC)"
        ),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last asked for (UTC)"),
        sa.Column(
            "next_check_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When to ask again (UTC); NULL for never",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Failed attempts in a row"),
        sa.Column("last_error", sa.Text(), nullable=True, comment="The last failure in words"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("site", "section", "external_id", name="uq_pages_site_section_external_id"),
        comment="The ledger: every page we know of, and what became of it",
    )
    op.create_index("ix_pages_site_section_number", "pages", ["site", "section", "number"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("site", sa.Text(), nullable=False, comment="Name of the site"),
        sa.Column("kind", sa.Text(), nullable=False, comment="What was run: crawl, demo, ..."),
        sa.Column("arguments", JSON, nullable=False, comment="The arguments of the run"),
        sa.Column("version", sa.Text(), nullable=False, comment="Version of armcrawl"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When the run began (UTC)"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ended (UTC); NULL while it runs, or if it died",
        ),
        sa.Column("outcome", sa.Text(), nullable=True, comment="How it ended: done, budget, failed, interrupted"),
        sa.Column(
            "requests", sa.Integer(), nullable=True, comment="Requests sent, robots.txt, redirects and retries included"
        ),
        sa.Column("counts", JSON, nullable=True, comment="Pages by outcome"),
        sa.Column("stats", JSON, nullable=True, comment="All statistics of the run"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        comment="One row for each run",
    )
    op.create_table(
        "sources",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("key", sa.Text(), nullable=False, comment="What the spellings of one source share"),
        sa.Column("name", sa.Text(), nullable=False, comment="The source's name"),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("key", name="uq_sources_key"),
        comment="Whom attribution lines name",
    )
    op.create_table(
        "tags",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("key", sa.Text(), nullable=False, comment="What the spellings of one tag share"),
        sa.Column("name", sa.Text(), nullable=False, comment="The tag's name"),
        sa.Column("slug", sa.Text(), nullable=False, comment="Latin form for addresses; not unique"),
        sa.Column("kind", sa.Text(), nullable=True, comment="person, organisation, place or topic, where certain"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
        comment="Tags, each once",
    )
    op.create_table(
        "articles",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("page_id", BIG, nullable=False, comment="The page that shows it"),
        sa.Column("key", sa.Text(), nullable=False, comment="Public identity: site, section and id, parted by slashes"),
        sa.Column("current_version", sa.Integer(), nullable=False, comment="Number of the newest version"),
        sa.Column(
            "published_version", sa.Integer(), nullable=True, comment="Number of the version that a run vouched for"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_articles_page_id_pages", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("key", name="uq_articles_key"),
        sa.UniqueConstraint("page_id", name="uq_articles_page_id"),
        comment="Articles; their text is in article_versions",
    )
    op.create_table(
        "captures",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("page_id", BIG, nullable=False, comment="The page"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="When it was fetched (UTC)"),
        sa.Column("http_status", sa.Integer(), nullable=True, comment="Status of the answer"),
        sa.Column("digest", sa.Text(), nullable=True, comment="blake2b of the body"),
        sa.Column("archive_file", sa.Text(), nullable=True, comment="WARC file that holds the bytes"),
        sa.Column(
            "archive_offset", sa.BigInteger(), nullable=True, comment="Where in that file the record begins, in bytes"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_captures_page_id_pages", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("page_id", "fetched_at", name="uq_captures_page_id_fetched_at"),
        comment="Each time that a page's bytes came in",
    )
    op.create_table(
        "tag_forms",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("form", sa.Text(), nullable=False, comment="A tag as printed"),
        sa.Column("tag_id", BIG, nullable=False, comment="The tag that it means"),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="Who decided so, where a person did"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_forms_tag_id_tags", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_forms"),
        sa.UniqueConstraint("form", name="uq_tag_forms_form"),
        comment="Printed forms of tags",
    )
    op.create_index("ix_tag_forms_tag_id", "tag_forms", ["tag_id"], unique=False)
    op.create_table(
        "article_links",
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Place in the body, from 0"),
        sa.Column("address", sa.Text(), nullable=False, comment="Where the link goes"),
        sa.Column("text", sa.Text(), nullable=False, comment="The linked words"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_links_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_links"),
        comment="Links inside the body; teasers and tags are not among them",
    )
    op.create_table(
        "article_sources",
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Place in the line, from 0"),
        sa.Column("source_id", BIG, nullable=False, comment="The source"),
        sa.Column("kind", sa.Text(), nullable=True, comment="What kind of source it is, where certain"),
        sa.Column("form", sa.Text(), nullable=False, comment="The source as printed"),
        sa.Column("address", sa.Text(), nullable=True, comment="Where the line links to"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_sources_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name="fk_article_sources_source_id_sources", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_sources"),
        comment="Sources of the current version of each article",
    )
    op.create_index("ix_article_sources_source_id", "article_sources", ["source_id"], unique=False)
    op.create_table(
        "article_tags",
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Place in the page's list, from 0"),
        sa.Column("tag_id", BIG, nullable=False, comment="The tag"),
        sa.Column("form", sa.Text(), nullable=False, comment="The tag as this page prints it"),
        sa.Column("address", sa.Text(), nullable=True, comment="Where the tag links to"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_tags_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_article_tags_tag_id_tags", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_tags"),
        comment="Tags of the current version of each article",
    )
    op.create_index("ix_article_tags_tag_id", "article_tags", ["tag_id"], unique=False)
    op.create_table(
        "article_versions",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first version, then rising"),
        sa.Column("run_id", BIG, nullable=True, comment="The run that wrote it"),
        sa.Column("cause", sa.Text(), nullable=False, comment="fetch, re-extraction or import"),
        sa.Column("capture_id", BIG, nullable=True, comment="The bytes that it was read from"),
        sa.Column("parser_version", sa.Integer(), nullable=False, comment="Version of the parser that read it"),
        sa.Column("evidence", JSON, nullable=False, comment="Method and second witness by field"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was written (UTC)"),
        sa.Column("title", sa.Text(), nullable=False, comment="Title as printed"),
        sa.Column("lead", sa.Text(), nullable=True, comment="The block of text that opens the article"),
        sa.Column("body", sa.Text(), nullable=False, comment="Clean paragraphs, parted by blank lines"),
        sa.Column(
            "published_on",
            sa.Date(),
            nullable=True,
            comment="Date of publication in the site's zone; first day of what is known",
        ),
        sa.Column(
            "date_precision", sa.Text(), nullable=True, comment="day, month or year: how much of the date is known"
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Moment of publication (UTC), where a time is printed",
        ),
        sa.Column("date_text", sa.Text(), nullable=True, comment="The date as printed"),
        sa.Column("attribution", sa.Text(), nullable=True, comment="The attribution line as printed"),
        sa.Column("author", sa.Text(), nullable=True, comment="Author as printed"),
        sa.Column("word_count", sa.Integer(), nullable=False, comment="Words of the body"),
        sa.Column(
            "content_hash", sa.Text(), nullable=False, comment="Title, date, paragraphs, attribution, printed tags"
        ),
        sa.Column("text_hash", sa.Text(), nullable=False, comment="Normal form of title and body"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_versions_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name="fk_article_versions_capture_id_captures", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_article_versions_run_id_runs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_article_versions"),
        sa.UniqueConstraint("article_id", "number", name="uq_article_versions_article_id_number"),
        comment="Every state of an article that we have read; rows are only added",
    )
    op.create_index("ix_article_versions_capture_id", "article_versions", ["capture_id"], unique=False)
    op.create_index("ix_article_versions_published_on", "article_versions", ["published_on"], unique=False)
    op.create_index("ix_article_versions_text_hash", "article_versions", ["text_hash"], unique=False)
    op.create_table(
        "images",
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Place in the article, from 0"),
        sa.Column("address", sa.Text(), nullable=False, comment="Address of the picture"),
        sa.Column("caption", sa.Text(), nullable=True, comment="Caption as printed"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_images_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_images"),
        comment="Pictures of the current version of each article",
    )
    op.create_table(
        "quarantine",
        sa.Column("id", BIG, nullable=False, comment="Internal number, differs between databases"),
        sa.Column("page_id", BIG, nullable=False, comment="The page"),
        sa.Column("stage", sa.Text(), nullable=False, comment="Where it got stuck"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why"),
        sa.Column("capture_id", BIG, nullable=True, comment="The bytes in the archive"),
        sa.Column("body", sa.LargeBinary(), nullable=True, comment="The bytes themselves, zlib-compressed"),
        sa.Column("content_type", sa.Text(), nullable=True, comment="Content-Type of those bytes"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it got stuck (UTC)"),
        sa.Column(
            "resolved_at", sa.DateTime(timezone=True), nullable=True, comment="When it was understood after all (UTC)"
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name="fk_quarantine_capture_id_captures", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_quarantine_page_id_pages", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
        sa.UniqueConstraint("page_id", "stage", name="uq_quarantine_page_id_stage"),
        comment="Pages that could not be understood, with their bytes",
    )
    op.create_table(
        "search_documents",
        sa.Column(
            "place",
            BIG,
            autoincrement=False,
            nullable=False,
            comment="Place among all articles by date: the newest has the highest",
        ),
        sa.Column("article_id", BIG, nullable=False, comment="The article"),
        sa.Column("title", TOKENS, nullable=False, comment="Search terms of the title"),
        sa.Column(
            "text", TOKENS, nullable=False, comment="Search terms of the body; on PostgreSQL of the title as well"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_search_documents_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place", name="pk_search_documents"),
        sa.UniqueConstraint("article_id", name="uq_search_documents_article_id"),
        comment="Search terms of each published article",
    )
    if op.get_context().dialect.name == "postgresql":
        for column in ("title", "text"):
            op.create_index(f"ix_search_documents_{column}", "search_documents", [column], postgresql_using="gin")
    else:
        for statement in FTS:
            op.get_bind().exec_driver_sql(statement)
