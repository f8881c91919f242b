"""The tables. Every table and column has a comment, so that the database explains itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in Python and UTC in the database: SQLite would drop an offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What Python sees."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: a moment in the database needs its offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigInt = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows by itself in INTEGER only
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Tokens = Text().with_variant(TSVECTOR(), "postgresql")

SHOWN, WITHHELD = "shown", "withheld"
OF_WITHHELD = text(f"state = '{WITHHELD}'")

metadata = MetaData(naming_convention=NAMING)


def _key() -> Column[int]:
    return Column("id", BigInt, primary_key=True, comment="Internal number, differs between databases")


def _reference(name: str, target: str, comment: str, **options: Any) -> Column[int]:
    return Column(name, BigInt, ForeignKey(f"{target}.id", ondelete="CASCADE"), comment=comment, **options)


def _said() -> list[Column[Any]]:
    """Return the columns for what a parser made of a page."""
    return [
        Column("outcome", Text, nullable=False, comment="stored, missing, not_article, quarantined or failed"),
        Column("reason", Text, comment="Why, for every outcome but stored"),
        Column("content_hash", Text, comment="Title, date, paragraphs, attribution, printed tags of its article"),
        Column("document_hash", Text, comment="All that is told of that article, but how it was found"),
        Column("parser_version", Integer, nullable=False, comment="Version of the parser that read it"),
        Column("words", Integer, nullable=False, comment="Words of that article's body; 0 without one"),
        Column("is_cut", Boolean, nullable=False, comment="The page ended in the middle of that article"),
    ]


runs = Table(
    "runs",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site"),
    Column("kind", Text, nullable=False, comment="What was run: crawl, demo, ..."),
    Column("arguments", Json, nullable=False, comment="The arguments of the run"),
    Column("version", Text, nullable=False, comment="Version of armcrawl"),
    Column("started_at", UtcDateTime, nullable=False, comment="When the run began (UTC)"),
    Column("finished_at", UtcDateTime, comment="When it ended (UTC); NULL while it runs, or if it died"),
    Column(
        "outcome", Text, comment="How it ended: done, budget, failed, blocked, interrupted, died; NULL while it runs"
    ),
    Column("requests", Integer, comment="Requests sent, robots.txt, redirects and retries included"),
    Column("counts", Json, comment="Pages by outcome"),
    Column("host", Text, comment="Name of the machine"),
    Column("exit_code", Integer, comment="What the command returned"),
    Column("sentence", Text, comment="How it ended, in a sentence"),
    Column("verdict", Text, comment="passed, refused, accepted or rejected; NULL where nothing was checked yet"),
    Column("picture", Json, comment="How often each value of each measure was seen on the pages that it read"),
    Column("breaches", Json, comment="What was seen otherwise than in earlier runs"),
    Column("stats", Json, comment="All statistics of the run"),
    comment="One row for each run",
)

origins = Table(
    "origins",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site"),
    Column("origin", Text, primary_key=True, comment="Address of the server that pages were fetched from"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="When it was first used (UTC)"),
    comment="The servers that this database was filled from",
)

pages = Table(
    "pages",
    metadata,
    _key(),
    Column("site", Text, nullable=False, comment="Name of the site"),
    Column("section", Text, nullable=False, comment="Section of the site"),
    Column("external_id", Text, nullable=False, comment="The site's own id of the page"),
    Column("number", BigInteger, comment="The id as a number, where the site counts its pages"),
    Column("address", Text, nullable=False, comment="The one address of the page"),
    Column("outcome", Text, nullable=False, comment="stored, missing, gone, not_article, quarantined, failed, removed"),
    Column("reason", Text, comment="Why, for every outcome but stored"),
    Column("http_status", Integer, comment="Status of the last answer"),
    Column("etag", Text, comment="ETag of the last answer with a page"),
    Column("last_modified", Text, comment="Last-Modified of the last answer with a page"),
    Column("digest", Text, comment="blake2b of the last body"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="When it was first asked for (UTC)"),
    Column("fetched_at", UtcDateTime, nullable=False, comment="When it was last asked for (UTC)"),
    Column("next_check_at", UtcDateTime, comment="When to ask again (UTC); NULL for never"),
    Column("attempts", Integer, nullable=False, comment="Failed attempts in a row"),
    Column("checks", Integer, nullable=False, server_default="0", comment="Looks in a row that showed nothing new"),
    Column("last_error", Text, comment="The last failure in words"),
    UniqueConstraint("site", "section", "external_id"),
    Index(None, "site", "section", "number"),
    Index(None, "site", "next_check_at"),
    comment="The ledger: every page we know of, and what became of it",
)

captures = Table(
    "captures",
    metadata,
    _key(),
    _reference("page_id", "pages", "The page", nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False, comment="When it was fetched (UTC)"),
    Column("last_seen_at", UtcDateTime, nullable=False, comment="When the site last said that this is how it is (UTC)"),
    _reference("run_id", "runs", "The run that got it"),
    Column("cause", Text, nullable=False, comment="fetch, or import if it came from an archive"),
    Column("is_judged", Boolean, nullable=False, comment="The verdict on its run decides whether its article is shown"),
    Column("http_status", Integer, comment="Status of the answer"),
    *_said(),
    Column("digest", Text, comment="blake2b of the body; NULL for an answer without one"),
    Column("archive_file", Text, comment="WARC file that holds the bytes"),
    Column("archive_offset", BigInteger, comment="Where in that file the record begins, in bytes"),
    Column("payload_digest", Text, comment="Digest of the body as received, as the WARC record has it"),
    # A batch whose commit was not confirmed is written again.
    UniqueConstraint("page_id", "fetched_at"),
    comment="Each answer that tells what became of its page, and what was made of it then",
)

readings = Table(
    "readings",
    metadata,
    _key(),
    _reference("capture_id", "captures", "The answer", nullable=False),
    _reference("run_id", "runs", "The run that read it"),
    Column("read_at", UtcDateTime, nullable=False, comment="When it was read (UTC)"),
    *_said(),
    # What is written again, as the database's word was lost, is one reading.
    UniqueConstraint("capture_id", "run_id"),
    comment="What later parsers made of an answer, where that is otherwise than before",
)

articles = Table(
    "articles",
    metadata,
    _key(),
    Column(
        "page_id",
        BigInt,
        ForeignKey("pages.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
        comment="The page that shows it",
    ),
    Column(
        "key", Text, nullable=False, unique=True, comment="Public identity: site, section and id, parted by slashes"
    ),
    Column("current_version", Integer, nullable=False, comment="Number of the newest version"),
    Column("published_version", Integer, comment="Number of the version that is published"),
    comment="Articles; their text is in article_versions",
)

article_versions = Table(
    "article_versions",
    metadata,
    _key(),
    _reference("article_id", "articles", "The article", nullable=False),
    Column("number", Integer, comment="1 for the first version, then rising; NULL for a text that is kept beside them"),
    _reference("run_id", "runs", "The run that wrote it", index=True),
    Column("cause", Text, nullable=False, comment="fetch, re-extraction or import"),
    Column("state", Text, nullable=False, comment="shown, or withheld: its run has not ended, or did not pass"),
    _reference("capture_id", "captures", "The answer that it was read from", index=True),
    _reference("reading_id", "readings", "The later reading of it; NULL for the first one", index=True),
    Column("parser_version", Integer, nullable=False, comment="Version of the parser that read it"),
    Column("created_at", UtcDateTime, nullable=False, comment="When it was written (UTC)"),
    Column("title", Text, nullable=False, comment="Title as printed"),
    Column("lead", Text, comment="The block of text that opens the article"),
    Column("body", Text, nullable=False, comment="Clean paragraphs, parted by blank lines"),
    Column("published_on", Date, comment="Date of publication in the site's zone; first day of what is known"),
    Column("date_precision", Text, comment="day, month or year: how much of the date is known"),
    Column("published_at", UtcDateTime, comment="Moment of publication (UTC), where a time is printed"),
    Column("date_text", Text, comment="The date as printed"),
    Column("attribution", Text, comment="The attribution line as printed"),
    Column("author", Text, comment="Author as printed"),
    Column("word_count", Integer, nullable=False, comment="Words of the body"),
    Column("content_hash", Text, nullable=False, comment="Title, date, paragraphs, attribution, printed tags"),
    Column("document_hash", Text, nullable=False, comment="All that is told of the article, but how it was found"),
    Column("text_hash", Text, nullable=False, index=True, comment="Normal form of title and body"),
    # The last column: who reads those before it need not read this one.
    Column("document", Json, nullable=False, comment="The rest: tags, sources, images, links, evidence, notes"),
    UniqueConstraint("article_id", "number"),
    # Few of many are withheld, and these are walked through by their ids.
    Index("ix_article_versions_withheld", "id", sqlite_where=OF_WITHHELD, postgresql_where=OF_WITHHELD),
    Index(None, "published_on"),
    # What is dated by the year alone is rare, and its date lies behind the text in the row.
    Index("ix_article_versions_precision", "date_precision", "article_id", "number", "published_on"),
    comment="Every state of an article that we have read, as its history tells them",
)

# In words, not with a parameter, so that a plan may use the index of what is withheld.
is_withheld = article_versions.c.state == literal_column(f"'{WITHHELD}'")

tags = Table(
    "tags",
    metadata,
    _key(),
    Column("key", Text, nullable=False, unique=True, comment="What the spellings of one tag share"),
    Column("name", Text, nullable=False, comment="The tag's name"),
    Column("slug", Text, nullable=False, comment="Latin form for addresses; not unique"),
    Column("kind", Text, comment="person, organisation, place or topic, where certain"),
    comment="Tags, each once",
)

tag_forms = Table(
    "tag_forms",
    metadata,
    _key(),
    Column("form", Text, nullable=False, unique=True, comment="A tag as printed"),
    _reference("tag_id", "tags", "The tag that it means", nullable=False, index=True),
    Column("key", Text, nullable=False, index=True, comment="Key of the name that the parser gives it"),
    Column("name", Text, nullable=False, comment="That name, in the nominative"),
    Column("slug", Text, nullable=False, comment="Latin form of that name"),
    Column("kind", Text, comment="person, organisation, place or topic, where certain"),
    Column("confidence", Float, nullable=False, comment="How sure the name is, 0 to 1; below 0.6 somebody should look"),
    comment="Printed forms of tags, and what the parser makes of them",
)

tag_addresses = Table(
    "tag_addresses",
    metadata,
    Column("address", Text, primary_key=True, comment="Where a tag links to"),
    Column("form", Text, primary_key=True, index=True, comment="The tag as printed there"),
    Column(
        "is_shared", Boolean, nullable=False, comment="Another tag of the same article links there, so it tells nothing"
    ),
    comment="What printed forms link to: forms with one address are one tag",
)

tag_decisions = Table(
    "tag_decisions",
    metadata,
    _key(),
    Column("action", Text, nullable=False, comment="merge, split or rename"),
    Column("form", Text, nullable=False, comment="A printed form of the tag"),
    Column("other", Text, comment="merge: a printed form of the tag that is the same"),
    Column("address", Text, comment="split: only where the form links to this address"),
    Column("article", Text, comment="split: only in the article with this key"),
    Column("name", Text, nullable=False, comment="What the tag is called from then on"),
    Column("decided_by", Text, nullable=False, comment="Who decided so"),
    Column("decided_at", UtcDateTime, nullable=False, comment="When (UTC)"),
    comment="What people decided of tags: it stands above what the parser says",
)

article_tags = Table(
    "article_tags",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, comment="Place in the page's list, from 0"),
    _reference("tag_id", "tags", "The tag", nullable=False),
    Column("form", Text, nullable=False, index=True, comment="The tag as this page prints it"),
    Column("address", Text, index=True, comment="Where the tag links to"),
    # With the article, so that counting a tag's articles reads the index alone.
    Index(None, "tag_id", "article_id"),
    comment="Tags of the current version of each article",
)

sources = Table(
    "sources",
    metadata,
    _key(),
    Column("key", Text, nullable=False, unique=True, comment="What the spellings of one source share"),
    Column("name", Text, nullable=False, comment="The source's name"),
    comment="Whom attribution lines name",
)

article_sources = Table(
    "article_sources",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, comment="Place in the line, from 0"),
    _reference("source_id", "sources", "The source", nullable=False),
    Column("kind", Text, comment="What kind of source it is, where certain"),
    Column("form", Text, nullable=False, comment="The source as printed"),
    Column("address", Text, comment="Where the line links to"),
    Index(None, "source_id", "article_id"),
    comment="Sources of the current version of each article",
)

images = Table(
    "images",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, comment="Place in the article, from 0"),
    Column("address", Text, nullable=False, comment="Address of the picture"),
    Column("caption", Text, comment="Caption as printed"),
    comment="Pictures of the current version of each article",
)

article_links = Table(
    "article_links",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    Column("position", Integer, primary_key=True, comment="Place in the body, from 0"),
    Column("address", Text, nullable=False, comment="Where the link goes"),
    Column("text", Text, nullable=False, comment="The linked words"),
    comment="Links inside the body; teasers and tags are not among them",
)

shingle_postings = Table(
    "shingle_postings",
    metadata,
    Column(
        "bucket", Integer, primary_key=True, autoincrement=False, comment="The lowest 18 bits of the hashes in this row"
    ),
    Column(
        "postings",
        LargeBinary,
        nullable=False,
        comment="One after another: a hash of 8 bytes and the id of an article of 4, little-endian",
    ),
    comment="By the lowest hashes of each article's text, the articles: what shares some may be a copy",
)

relations = Table(
    "relations",
    metadata,
    _reference("first_id", "articles", "One article, the one with the lower key", primary_key=True),
    _reference("second_id", "articles", "The other", primary_key=True, index=True),
    Column("grade", Text, nullable=False, comment="same, near or excerpt"),
    Column("containment_first", Float, nullable=False, comment="Which share of the one's text is in the other, 0 to 1"),
    Column(
        "containment_second", Float, nullable=False, comment="Which share of the other's text is in the one, 0 to 1"
    ),
    Column("jaccard", Float, nullable=False, comment="What both share of all that is in either, 0 to 1"),
    comment="Articles that have text in common",
)

clusters = Table(
    "clusters",
    metadata,
    _key(),
    Column("key", Text, nullable=False, unique=True, comment="The lowest key of its articles"),
    # Found by it when an article goes: without an index every article that does would read all clusters.
    _reference("first_id", "articles", "Who had it first; NULL for a tie, or if nobody looked", index=True),
    Column(
        "reason",
        Text,
        nullable=False,
        comment="What tells so: link, attribution, time, day, length, tie; size of a series, waiting",
    ),
    Column("confidence", Float, nullable=False, comment="How sure that is, 0 to 1"),
    comment="Articles with one text: same and near ones, in one piece",
)

cluster_members = Table(
    "cluster_members",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    _reference("cluster_id", "clusters", "Its cluster", nullable=False, index=True),
    comment="Which articles a cluster holds; an article that stands alone is in none",
)

fallen = Table(
    "fallen",
    metadata,
    _reference("article_id", "articles", "The article", primary_key=True),
    comment="Articles that fell out of a cluster when others changed or went, and wait to be compared anew",
)

quarantine = Table(
    "quarantine",
    metadata,
    _key(),
    _reference("page_id", "pages", "The page", nullable=False),
    Column("stage", Text, nullable=False, comment="Which stage did not understand it"),
    Column("reason", Text, nullable=False, comment="Why"),
    _reference("capture_id", "captures", "The bytes in the archive"),
    Column("body", LargeBinary, comment="The bytes themselves, zlib-compressed"),
    Column("content_type", Text, comment="Content-Type of those bytes"),
    Column(
        "content_encoding", Text, comment="How those bytes are packed (Content-Encoding); NULL for a page as it is read"
    ),
    Column("created_at", UtcDateTime, nullable=False, comment="When it was quarantined (UTC)"),
    Column("resolved_at", UtcDateTime, comment="When it was understood after all (UTC)"),
    UniqueConstraint("page_id", "stage"),
    comment="Pages that could not be understood, with their bytes",
)

exchange_rates = Table(
    "exchange_rates",
    metadata,
    Column("site", Text, primary_key=True, comment="Name of the site that printed them"),
    Column("day", Date, primary_key=True, comment="Their day"),
    Column("euro", Numeric(12, 4), nullable=False, comment="Roubles for one euro"),
    Column("dollar", Numeric(12, 4), nullable=False, comment="Roubles for one dollar"),
    comment="Exchange rates from the pages' header",
)

search_documents = Table(
    "search_documents",
    metadata,
    Column(
        "place",
        BigInt,
        primary_key=True,
        autoincrement=False,
        comment="Place among all articles by date: the newest has the highest",
    ),
    Column(
        "article_id",
        BigInt,
        ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
        comment="The article",
    ),
    Column("title", Tokens, nullable=False, comment="Search terms of the title"),
    Column("text", Tokens, nullable=False, comment="Search terms of the body; on PostgreSQL of the title as well"),
    Index("ix_search_documents_title", "title", postgresql_using="gin", info={"dialect": "postgresql"}).ddl_if(
        dialect="postgresql"
    ),
    Index("ix_search_documents_text", "text", postgresql_using="gin", info={"dialect": "postgresql"}).ddl_if(
        dialect="postgresql"
    ),
    comment="Search terms of each published article",
)
