"""The tables. Every table and column has a comment, so that the database explains itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from armcrawl.items import Kind, Outcome, Precision, PublisherEvidence, SourceKind
from armcrawl.store.base.columns import (
    BigInt,
    Json,
    Tokens,
    UtcDateTime,
    one_of,
    optional,
    primary,
    reference,
    required,
    row_id,
)
from armcrawl.store.base.enumerations import (
    FETCH,
    IMPORT,
    OF_ANSWER,
    RELATED,
    RUN_KINDS,
    WITHHELD,
    Action,
    Cause,
    DigestKind,
    RunEnd,
    State,
    Use,
    Verdict,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

OF_WITHHELD = text(f"state = '{WITHHELD}'")

# What PostgreSQL looks for in title, tags and sources.
HEADING = "(title || tags || sources)"
# The tokens that search relies on: in a database that was made with others it would find nothing, and not say so.
TOKENS = "words, on PostgreSQL pairs and periods of ten days; places with eleven bits of the section"

metadata = MetaData(naming_convention=NAMING)


def _outcome_columns() -> list[Column[Any]]:
    """Return the columns for what a parser made of a page."""
    return [
        one_of("outcome", OF_ANSWER, "stored, missing, not_article, quarantined or failed"),
        optional("reason", Text, "Why, for every outcome but stored"),
        optional("content_hash", Text, "Title, date, paragraphs, attribution, printed tags of its article"),
        optional("document_hash", Text, "All that is told of that article, but how it was found"),
        required("parser_version", Integer, "Version of the parser that read it"),
        required("words", Integer, "Words of that article's body; 0 without one"),
        required("is_cut", Boolean, "The page ended in the middle of that article"),
    ]


runs = Table(
    "runs",
    metadata,
    row_id(),
    required("site", Text, "Name of the site"),
    one_of("kind", RUN_KINDS, "What was run: crawl, backfill, demo, import, wayback, reparse or replay"),
    required("arguments", Json, "The arguments of the run"),
    required("version", Text, "Version of armcrawl"),
    required("started_at", UtcDateTime, "When the run began (UTC)"),
    optional("finished_at", UtcDateTime, "When it ended (UTC); NULL while it runs, or if it died"),
    one_of(
        "outcome",
        RunEnd,
        "done, budget, failed, blocked, refused, unchecked, interrupted or died; NULL while it runs",
        nullable=True,
    ),
    optional("requests", Integer, "Requests sent, robots.txt, redirects and retries included"),
    optional("counts", Json, "Pages by outcome"),
    optional("host", Text, "Name of the machine"),
    optional("exit_code", Integer, "What the command returned"),
    optional("sentence", Text, "How it ended, in a sentence"),
    one_of(
        "verdict",
        Verdict,
        "passed, not judged, refused, accepted or rejected; NULL where nothing was checked yet",
        nullable=True,
    ),
    optional("unjudged", Text, "Why a run was not judged; NULL for all others"),
    optional("picture", Json, "How often each value of each measure was seen on the pages that it read"),
    optional("breaches", Json, "What was seen otherwise than in earlier runs"),
    optional("stats", Json, "All statistics of the run"),
    comment="One row for each run",
)

origins = Table(
    "origins",
    metadata,
    primary("site", Text, "Name of the site"),
    primary("origin", Text, "Address of the server that pages were fetched from"),
    required("first_seen_at", UtcDateTime, "When it was first used (UTC)"),
    comment="The servers that this database was filled from",
)

pages = Table(
    "pages",
    metadata,
    row_id(),
    required("site", Text, "Name of the site"),
    required("section", Text, "Section of the site"),
    required("external_id", Text, "The site's own id of the page"),
    optional("number", BigInteger, "The id as a number, where the site counts its pages"),
    required("address", Text, "The one address of the page"),
    one_of("outcome", Outcome, "stored, missing, gone, not_article, quarantined, failed or removed"),
    optional("reason", Text, "Why, for every outcome but stored"),
    optional("http_status", Integer, "Status of the last answer"),
    optional("etag", Text, "ETag of the last answer with a page"),
    optional("last_modified", Text, "Last-Modified of the last answer with a page"),
    optional("digest", Text, "blake2b of the last body"),
    required("first_seen_at", UtcDateTime, "When it was first asked for (UTC)"),
    required("fetched_at", UtcDateTime, "When it was last asked for (UTC)"),
    optional("next_check_at", UtcDateTime, "When to ask again (UTC); NULL for never"),
    required("attempts", Integer, "Failed attempts in a row"),
    required("checks", Integer, "Looks in a row that showed nothing new", server_default="0"),
    optional("last_error", Text, "The last failure in words"),
    UniqueConstraint("site", "section", "external_id"),
    Index(None, "site", "section", "number"),
    Index(None, "site", "section", "outcome", "number"),
    # What is due, and, of what nothing is due of, the oldest look.
    Index(None, "site", "next_check_at", "fetched_at"),
    comment="The ledger: every page we know of, and what became of it",
)

sightings = Table(
    "sightings",
    metadata,
    row_id(),
    required("site", Text, "Name of the site"),
    required("section", Text, "Section of the site"),
    required("external_id", Text, "The site's own id of the page"),
    required("source", Text, "Where it was seen: listing, feed or sitemap, and its path"),
    required("place", Text, "Address of the listing's page, the feed or the sitemap's file"),
    required("address", Text, "The page's address as it was seen there"),
    optional("title", Text, "Its title there"),
    optional("text", Text, "Its full text there, where a feed has it: a line for each block"),
    optional("day", Date, "Its day of publication there, as it was first seen, in the site's zone"),
    optional("changed_at", UtcDateTime, "When it was changed, as the source says (UTC)"),
    optional("moved_at", UtcDateTime, "When the source was seen to tell another time of change (UTC)"),
    optional("asked_for", UtcDateTime, "The time of change for which the page was asked for again (UTC)"),
    required("first_seen_at", UtcDateTime, "When it was first seen there (UTC)"),
    required("last_seen_at", UtcDateTime, "When it was last seen there (UTC)"),
    UniqueConstraint("site", "section", "external_id", "source"),
    Index(None, "site", "source", "place"),
    comment="Articles that listings, feeds and sitemaps show, whether or not they were asked for",
)

walks = Table(
    "walks",
    metadata,
    row_id(),
    required("site", Text, "Name of the site"),
    required("source", Text, "What was walked through: listing, feed or sitemap, and its path"),
    reference("run_id", "runs", "The run that began it"),
    required("began_at", UtcDateTime, "When it began (UTC)"),
    required("last_at", UtcDateTime, "When its last page was read (UTC)"),
    required("pages", Integer, "Pages or files that were read"),
    required("seen", Integer, "Articles on them"),
    required("new", Integer, "Articles on them that the source had not shown before"),
    required("reached_known", Boolean, "It came to what an earlier walk has seen"),
    required("is_whole", Boolean, "It came to the end: all that the source shows was seen"),
    optional("ended", Text, "Why it ended; NULL while it is to go on"),
    optional("left_at", Text, "Address of the page where the next run goes on"),
    optional("gap_from", Date, "Newest day that was seen before it; with gap_to what may lack between"),
    optional("gap_to", Date, "Oldest day that it has seen"),
    Index(None, "site", "source"),
    comment="How far listings, feeds and sitemaps were read, and where there is a gap",
)

source_pages = Table(
    "source_pages",
    metadata,
    primary("site", Text, "Name of the site"),
    primary("source", Text, "Listing, feed or sitemap, and its path"),
    primary("address", Text, "Address of its page or file"),
    optional("etag", Text, "ETag of its last answer"),
    optional("last_modified", Text, "Last-Modified of its last answer"),
    optional("digest", Text, "blake2b of its last body"),
    optional("told", Text, "When it was changed, as the index of sitemaps says"),
    optional("links", Text, "Addresses of articles on a page that leads to counted ones, a line each"),
    required("fetched_at", UtcDateTime, "When it was last asked for (UTC)"),
    comment="First pages of listings, feeds and files of sitemaps, so that none is read again while it is the same",
)

captures = Table(
    "captures",
    metadata,
    row_id(),
    reference("page_id", "pages", "The page", nullable=False),
    required("fetched_at", UtcDateTime, "When it was fetched (UTC)"),
    required("last_seen_at", UtcDateTime, "When the site last said that this is how it is (UTC)"),
    reference("run_id", "runs", "The run that got it"),
    one_of("cause", (FETCH, IMPORT), "fetch, or import if it came from an archive"),
    required("is_judged", Boolean, "The verdict on its run decides whether its article is shown"),
    optional("http_status", Integer, "Status of the answer"),
    *_outcome_columns(),
    optional("digest", Text, "blake2b of the body; NULL for an answer without one"),
    optional("archive_file", Text, "WARC file that holds the bytes"),
    optional("archive_offset", BigInteger, "Where in that file the record begins, in bytes"),
    optional("payload_digest", Text, "Digest of the body as received, as the WARC record has it"),
    # A batch whose commit was not confirmed is written again.
    UniqueConstraint("page_id", "fetched_at"),
    comment="Each answer that tells what became of its page, and what was made of it then",
)

readings = Table(
    "readings",
    metadata,
    row_id(),
    reference("capture_id", "captures", "The answer", nullable=False),
    reference("run_id", "runs", "The run that read it"),
    required("read_at", UtcDateTime, "When it was read (UTC)"),
    *_outcome_columns(),
    # What is written again, as the database's word was lost, is one reading.
    UniqueConstraint("capture_id", "run_id"),
    comment="What later parsers made of an answer, where that is otherwise than before",
)

articles = Table(
    "articles",
    metadata,
    row_id(),
    reference("page_id", "pages", "The page that shows it", nullable=False, unique=True),
    required("key", Text, "Public identity: site, section and id, parted by slashes", unique=True),
    required("current_version", Integer, "Number of the newest version"),
    optional("published_version", Integer, "Number of the version that is published"),
    comment="Articles; their text is in article_versions",
)

article_versions = Table(
    "article_versions",
    metadata,
    row_id(),
    reference("article_id", "articles", "The article", nullable=False),
    optional("number", Integer, "1 for the first version, then rising; NULL for a text that is kept beside them"),
    reference("run_id", "runs", "The run that wrote it", index=True),
    one_of("cause", Cause, "fetch, re-extraction or import"),
    one_of("state", State, "shown, or withheld: its run has not ended, or did not pass"),
    reference("capture_id", "captures", "The answer that it was read from", index=True),
    reference("reading_id", "readings", "The later reading of it; NULL for the first one", index=True),
    required("parser_version", Integer, "Version of the parser that read it"),
    required("created_at", UtcDateTime, "When it was written (UTC)"),
    required("title", Text, "Title as printed"),
    optional("lead", Text, "The block of text that opens the article"),
    required("body", Text, "Clean paragraphs, parted by blank lines"),
    optional("published_on", Date, "Date of publication in the site's zone; first day of what is known"),
    one_of("date_precision", Precision, "day, month or year: how much of the date is known", nullable=True),
    optional("published_at", UtcDateTime, "Moment of publication (UTC), where a time is printed"),
    optional("date_text", Text, "The date as printed"),
    optional("attribution", Text, "The attribution line as printed"),
    optional("author", Text, "Author as printed"),
    required("word_count", Integer, "Words of the body"),
    required("content_hash", Text, "Title, date, paragraphs, attribution, printed tags"),
    required("document_hash", Text, "All that is told of the article, but how it was found"),
    required("text_hash", Text, "Normal form of title and body", index=True),
    # The last column: who reads those before it need not read this one.
    required("document", Json, "The rest: tags, sources, images, links, evidence, notes"),
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

entities = Table(
    "entities",
    metadata,
    row_id(),
    required("key", Text, "What the spellings of its best name share", unique=True),
    required("name", Text, "Its name", index=True),
    required("slug", Text, "Latin form for addresses; not unique"),
    one_of("kind", Kind, "person, organisation, place, product, event or topic, where certain", nullable=True),
    comment="Whom and what tags and attribution lines name, each once",
)

entity_forms = Table(
    "entity_forms",
    metadata,
    row_id(),
    reference("entity_id", "entities", "The entity that it means", nullable=False, index=True),
    one_of("used_as", Use, "tag, source, or name: what a person calls an entity that was split off"),
    required("form", Text, "As printed"),
    required("name", Text, "The name that the parser gives it, in the nominative"),
    required("key", Text, "What the spellings of that name share", index=True),
    one_of("kind", Kind, "person, organisation, place, product, event or topic, where certain", nullable=True),
    optional("confidence", Float, "How sure the name is, 0 to 1; below 0.6 somebody should look; NULL if not judged"),
    optional("quoted_name", Text, "Key of the name in quotes, if it has one, without what stands before", index=True),
    UniqueConstraint("form", "used_as", "name"),
    comment="Printed forms of tags and sources, and what the parser makes of them",
)

entity_addresses = Table(
    "entity_addresses",
    metadata,
    primary("address", Text, "Where a tag or a source links to"),
    reference("form_id", "entity_forms", "What is printed there", primary_key=True, index=True),
    required("is_evidence", Boolean, "All that link there are forms of one name; else it is a position or a section"),
    comment="What printed forms link to: forms of one name with one address are one entity",
)

abbreviations = Table(
    "abbreviations",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    primary("abbreviation", Text, "Key of the abbreviation"),
    primary("expansion", Text, "Key of what it stands for", index=True),
    Index(None, "abbreviation", "expansion"),
    comment="Abbreviations that the published version of an article explains: with one meaning they are evidence",
)

entity_decisions = Table(
    "entity_decisions",
    metadata,
    row_id(),
    one_of("action", Action, "merge, split, rename or kind"),
    one_of("used_as", Use, "tag, source or name: how the form is used"),
    required("form", Text, "A printed form of the entity", index=True),
    one_of("other_used_as", Use, "merge: how the other form is used: tag, source or name", nullable=True),
    optional("other", Text, "merge: a printed form of the entity that is the same", index=True),
    optional("address", Text, "split: only where the form links to this address"),
    optional("article", Text, "split: only in the article with this key", index=True),
    optional("name", Text, "What the entity is called from then on; NULL for a kind", index=True),
    one_of(
        "kind",
        Kind,
        "kind: person, organisation, place, product, event or topic; NULL for what nobody can tell",
        nullable=True,
    ),
    required("decided_by", Text, "Who decided so"),
    required("decided_at", UtcDateTime, "When (UTC)"),
    comment="What people decided of entities: it stands above what the parser says",
)

article_tags = Table(
    "article_tags",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    primary("position", Integer, "Place in the page's list, from 0"),
    reference("entity_id", "entities", "What the tag names", nullable=False),
    reference("form_id", "entity_forms", "The tag as this page prints it", nullable=False, index=True),
    optional("address", Text, "Where the tag links to"),
    # With the article, so that counting an entity's articles reads the index alone.
    Index(None, "entity_id", "article_id"),
    Index(None, "address", "form_id"),
    comment="Tags of the published version of each article",
)

article_sources = Table(
    "article_sources",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    primary("position", Integer, "Place in the line, from 0"),
    reference("entity_id", "entities", "Whom it names", nullable=False),
    reference("form_id", "entity_forms", "The source as printed", nullable=False, index=True),
    one_of(
        "kind",
        SourceKind,
        "own desk, press service, agency, journal, web site or ministry, where certain",
        nullable=True,
    ),
    optional("address", Text, "Where the line links to"),
    Index(None, "entity_id", "article_id"),
    Index(None, "address", "form_id"),
    comment="Sources of the published version of each article",
)

images = Table(
    "images",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    primary("position", Integer, "Place in the article, from 0"),
    required("address", Text, "Address of the picture"),
    optional("caption", Text, "Caption as printed"),
    comment="Pictures of the published version of each article",
)

article_links = Table(
    "article_links",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    primary("position", Integer, "Place in the body, from 0"),
    required("address", Text, "Where the link goes"),
    required("text", Text, "The linked words"),
    comment="Links inside the body; teasers and tags are not among them",
)

texts = Table(
    "texts",
    metadata,
    primary("id", BigInt, "64 bits of a hash of title and body", autoincrement=False),
    required("sketch", LargeBinary, "The lowest hashes of its shingles and of its facts, 4 bytes each"),
    comment="Texts of published articles, each once, as they are compared with others",
)

shingle_postings = Table(
    "shingle_postings",
    metadata,
    primary("bucket", Integer, "The highest 17 bits of the hashes in this row", autoincrement=False),
    required("postings", LargeBinary, "One after another: 15 bits of a hash in 2 bytes, 8 of a text, little-endian"),
    comment="By the hashes of sketches the texts that have them: what shares some may be a copy",
)

relations = Table(
    "relations",
    metadata,
    reference("first_id", "texts", "One text, the one with the lower number", primary_key=True),
    reference("second_id", "texts", "The other", primary_key=True, index=True),
    one_of("grade", RELATED, "same, near or excerpt"),
    required("containment_first", Float, "Which share of the one is in the other, 0 to 1"),
    required("containment_second", Float, "Which share of the other is in the one, 0 to 1"),
    required("jaccard", Float, "What both share of all that is in either, 0 to 1"),
    comment="Texts that have passages in common",
)

clusters = Table(
    "clusters",
    metadata,
    row_id(),
    required("key", Text, "The lowest key of its articles", unique=True),
    reference("anchor_id", "texts", "Its earliest text, of which all others are copies", nullable=False, index=True),
    # Found by it when an article goes: without an index every article that does would read all clusters.
    reference("first_id", "articles", "Who had it first; NULL for a tie", index=True),
    one_of("reason", PublisherEvidence, "What tells so: link, attribution, time, day, length, tie, size (of a series)"),
    required("confidence", Float, "How sure that is, 0 to 1"),
    comment="Articles with one text: copies of the earliest of them",
)

cluster_members = Table(
    "cluster_members",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    reference("text_id", "texts", "Its text", nullable=False, index=True),
    reference("cluster_id", "clusters", "Its cluster; NULL if it stands alone", end="SET NULL", index=True),
    comment="The text of each article that was compared, and the cluster that holds it",
)

unjoined = Table(
    "unjoined",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    comment="Articles of which something was published that the clusters do not know yet",
)

quarantine = Table(
    "quarantine",
    metadata,
    row_id(),
    reference("page_id", "pages", "The page", nullable=False),
    required("stage", Text, "Which stage did not understand it"),
    required("reason", Text, "Why"),
    reference("capture_id", "captures", "The bytes in the archive"),
    optional("body", LargeBinary, "The bytes themselves, zlib-compressed"),
    optional("content_type", Text, "Content-Type of those bytes"),
    optional("content_encoding", Text, "How those bytes are packed (Content-Encoding); NULL for a page as it is read"),
    required("created_at", UtcDateTime, "When it was quarantined (UTC)"),
    optional("resolved_at", UtcDateTime, "When it was understood after all (UTC)"),
    UniqueConstraint("page_id", "stage"),
    comment="Pages that could not be understood, with their bytes",
)

backups = Table(
    "backups",
    metadata,
    primary("folder", Text, "Where it is, on the machine that took it"),
    required("taken_at", UtcDateTime, "The moment of which it is (UTC)"),
    comment="Backups that were taken: they keep what is taken down after them",
)

removals = Table(
    "removals",
    metadata,
    row_id(),
    required("key", Text, "Key of the page: site, section and id, parted by slashes", unique=True),
    required("reason", Text, "Why"),
    required("removed_at", UtcDateTime, "When (UTC)"),
    optional("copy_of", Text, "Key of the page whose text it had; NULL for one that a person named"),
    comment="Pages that were taken down: nothing of them is kept again, whatever brings it",
)

removal_digests = Table(
    "removal_digests",
    metadata,
    reference("removal_id", "removals", "The page that was taken down", primary_key=True),
    one_of(
        "kind",
        DigestKind,
        "body: as unpacked; payload: as received, in the words of WARC; text: normal title and body",
        primary_key=True,
    ),
    primary("digest", Text, "Digest of it", index=True),
    comment="What tells such a page under another id or address of its site; what many pages share is not among it",
)

unwiped = Table(
    "unwiped",
    metadata,
    primary("archive_file", Text, "WARC file that holds the bytes"),
    primary("archive_offset", BigInteger, "Where in that file the record begins, in bytes", autoincrement=False),
    comment="Archived answers that brought what was taken down once more: the end of the run wipes them",
)

exchange_rates = Table(
    "exchange_rates",
    metadata,
    primary("site", Text, "Name of the site that printed them"),
    primary("day", Date, "Their day"),
    required("euro", Numeric(12, 4), "Roubles for one euro"),
    required("dollar", Numeric(12, 4), "Roubles for one dollar"),
    comment="Exchange rates from the pages' header",
)

search_documents = Table(
    "search_documents",
    metadata,
    primary("place", BigInt, "Place among all articles by date: the newest has the highest", autoincrement=False),
    reference("article_id", "articles", "The article", nullable=False),
    required(
        "title", Tokens, "Search tokens of the title, and the names of the site; on PostgreSQL the period as well"
    ),
    required("tags", Tokens, "Search tokens of the tags, as printed and by all their names"),
    required("sources", Tokens, "Search tokens of the sources, as printed and by all their names"),
    required(
        "text",
        Tokens,
        "Search tokens of body, captions and author; on PostgreSQL of all the others as well, and hashes of pairs",
    ),
    # With the place, so that the days of some articles are counted from the index alone, as SQLite's index has it.
    UniqueConstraint("article_id", postgresql_include=["place"]),
    *(
        Index(
            f"ix_search_documents_{name}", text(indexed), postgresql_using="gin", info={"dialect": "postgresql"}
        ).ddl_if(dialect="postgresql")
        for name, indexed in (("title", "title"), ("heading", HEADING), ("text", "text"))
    ),
    comment="Search tokens of each published article",
)

unindexed = Table(
    "unindexed",
    metadata,
    reference("article_id", "articles", "The article", primary_key=True),
    comment="Articles whose tags or sources are called otherwise than their search tokens say",
)
