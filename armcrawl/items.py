"""The data that rooms hand to one another: article, page, reading, and their parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from armcrawl.sites import PageKey


# The note on an article whose page ends in the middle of the text.
CUT = "body/cut"
# The note on an article whose body had bytes after the end of the compressed data.
TRAILING = "decoding/trailing"


class Outcome(StrEnum):
    """What a page turned out to be, as the ledger records it."""

    STORED = "stored"
    MISSING = "missing"
    GONE = "gone"
    NOT_ARTICLE = "not_article"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    REMOVED = "removed"


class Reason(StrEnum):
    """Why a page is not an article."""

    MISSING = "missing"
    LISTING = "listing"
    PHOTO_LIST = "photo list"
    SERVICE_PAGE = "service page"
    EMPTY = "empty"
    BLOCKED = "blocked"
    UNAVAILABLE = "unavailable"
    NOT_HTML = "not HTML"
    GARBLED = "garbled"


class Precision(StrEnum):
    """How precisely a date was printed."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Pickled:
    """A dataclass that is pickled by its fields alone, which is twice as fast as the default."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the class and the fields that make an equal object."""
        kind = type(self)
        return kind, tuple([getattr(self, name) for name in kind.__match_args__])  # type: ignore[attr-defined]


class Kind(StrEnum):
    """What a name names; a product may be a class of them, or the code of a standard, a size or a model."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    PRODUCT = "product"
    EVENT = "event"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Tag(Pickled):
    """A tag as printed, and what refining adds.

    `address` is the page that it links to. `name` is in the nominative; `key` is the same for all spellings of a tag;
    `slug` is its name in addresses. `kind` is None where it is not certain. A person should check the name if
    `confidence`, from 0 to 1, is below 0.6.
    """

    printed: str
    address: str | None = None
    name: str = ""
    key: str = ""
    slug: str = ""
    kind: Kind | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Image(Pickled):
    """A picture of the article: its absolute address, and its caption as printed."""

    address: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Link(Pickled):
    """A link inside the article's body: its absolute address, and the linked words."""

    address: str
    text: str


class SourceKind(StrEnum):
    """What kind of source a text comes from, where its name tells."""

    OWN_DESK = "own desk"
    PRESS_SERVICE = "press service"
    AGENCY = "agency"
    JOURNAL = "journal"
    WEB_SITE = "web site"
    MINISTRY = "ministry"


@dataclass(frozen=True, slots=True)
class Source(Pickled):
    """A source that an attribution names: as printed, in the nominative, its kind if known, and its link."""

    printed: str
    name: str
    kind: SourceKind | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution(Pickled):
    """The words that name the source of a text: a line of its own, or a clause («, сообщает ТАСС»).

    `sources` are those that it names, in printed order, without the site itself.
    """

    line: str
    sources: tuple[Source, ...] = ()

    @property
    def source(self) -> str | None:
        """The name of the first source, or None if only the site itself is named."""
        return self.sources[0].name if self.sources else None

    @property
    def kind(self) -> SourceKind | None:
        """The kind of the first source; OWN_DESK if only the site itself is named."""
        return self.sources[0].kind if self.sources else SourceKind.OWN_DESK

    @property
    def address(self) -> str | None:
        """The address that the first source is linked to."""
        return self.sources[0].address if self.sources else None


@dataclass(frozen=True, slots=True)
class ExchangeRates(Pickled):
    """Roubles for one euro and one dollar, as the page's header printed them for a day."""

    day: date
    euro: Decimal
    dollar: Decimal


@dataclass(frozen=True, slots=True)
class Published(Pickled):
    """The date of publication that an article prints.

    `date` is the first day of the printed day, month or year, and `precision` says which it was. `time` is the printed
    time in the site's time zone, None if none was printed.
    """

    date: date
    precision: Precision
    time: datetime | None = None

    @property
    def printed(self) -> str:
        """The date in ISO 8601, as precise as printed: `2016-05-31`, `2016-05` or `2016`."""
        return self.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


class Grade(StrEnum):
    """What one text is to another: equal in normal form, a copy, a part of it, or another text."""

    SAME = "same"
    NEAR = "near"
    EXCERPT = "excerpt"
    DIFFERENT = "different"


class PublisherEvidence(StrEnum):
    """The evidence for the first publisher, the most reliable first, and why there is none."""

    LINK = "link"
    ATTRIBUTION = "attribution"
    TIME = "time"
    DAY = "day"
    LENGTH = "length"
    TIE = "tie"
    SIZE = "size"  # so many articles are a series, not one text


@dataclass(frozen=True, slots=True)
class Evidence(Pickled):
    """How a field was found: the method, a second witness if there is one, and whether it agrees.

    `left_out`, for the body only, is the number of characters of prose that no rule claimed and that is not in the
    text.
    """

    method: str
    witness: str | None = None
    agrees: bool | None = None
    left_out: int | None = None


@dataclass(frozen=True, slots=True)
class Announced(Pickled):
    """What a listing, a feed or a sitemap says of an article: the last witness, where the page itself is silent.

    `method` is the kind of the source that tells day and title; `text` is what a feed has as the article's full text.
    """

    method: str
    day: date | None = None
    title: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting(Pickled):
    """An article that a listing, a feed or a sitemap shows, with what is said of it there.

    `changed_at` is aware; `text` is the full text, a line for each block, where a feed has it.
    """

    key: PageKey
    address: str
    day: date | None = None
    title: str | None = None
    changed_at: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Article(Pickled):
    """One article: first the fields as the page prints them, then those that refining adds.

    `lead` is the first block of text below the title. `date_text` is the date as printed, `published` what refining
    made of it. `section` and `external_id` are those of the page's key. `content_hash` covers what makes another
    version, `document_hash` all that the page says of the article, `text_hash` title and body in normal form: 32
    hexadecimal digits, empty until the article is refined. `evidence` says by field how each was found. `notes` are
    repairs and doubts in reading and refining, by the names under which runs count them, without `armcrawl/`.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    lead: str | None = None
    date_text: str | None = None
    attribution: Attribution | None = None
    tags: tuple[Tag, ...] = ()
    author: str | None = None
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    section: str | None = None
    external_id: str | None = None
    rates: ExchangeRates | None = None
    published: Published | None = None
    content_hash: str = ""
    document_hash: str = ""
    text_hash: str = ""
    evidence: Mapping[str, Evidence] = field(default_factory=dict, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def body(self) -> str:
        """The paragraphs, joined by blank lines."""
        return "\n\n".join(self.paragraphs)

    @property
    def is_cut(self) -> bool:
        """Whether the page ended in the middle of the text, so that the rest is missing."""
        return CUT in self.notes

    @property
    def word_count(self) -> int:
        """The number of words of the body, separated by white space."""
        return _words_in(self.paragraphs)

    def noting(self, *notes: str) -> Article:
        """Return this article with further notes."""
        return replace(self, notes=self.notes + notes) if notes else self


# Capture, version and checks ask for it, of all pages of a batch in turn.
@lru_cache(maxsize=512)
def _words_in(paragraphs: tuple[str, ...]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


@dataclass(frozen=True, slots=True)
class NotAnArticle(Pickled):
    """A page that is not an article, and why."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading(Pickled):
    """The result of reading one page.

    `charset` is the one it was decoded from. `addresses` are the absolute addresses of all links, in page order;
    `rates` are those in the page's header, also if the page is not an article.
    """

    result: Article | NotAnArticle
    charset: str = "utf-8"
    addresses: tuple[str, ...] = ()
    rates: ExchangeRates | None = None

    @property
    def article(self) -> Article | None:
        """The article, if the page is one."""
        return self.result if isinstance(self.result, Article) else None


@dataclass(frozen=True, slots=True)
class Record(Pickled):
    """The place of a response in the archive: file, offset of its record in bytes, digest of the body as received."""

    file: str
    offset: int
    payload_digest: str | None = None


# The stages at which a page may fail before it is known whether it shows an article.
DECODING, READING = "decoding", "reading"
UNREAD = frozenset({DECODING, READING})


@dataclass(slots=True)
class Page:
    """One response of the site on its way into the database: the item that Scrapy carries.

    `fetched_at` is aware. `digest` is the body's as received; `etag` and `last_modified` are as the site sent them.
    `body` is kept only while quarantine may need it, compressed as `content_encoding` says. `stage` and `reason` say
    where and why a page did not become an article. `confirms`, from archives, is the time of the earlier response which
    this one says is unchanged.
    """

    key: PageKey
    address: str
    fetched_at: datetime
    outcome: Outcome
    article: Article | None = None
    rates: ExchangeRates | None = None
    stage: str | None = None
    reason: str | None = None
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    content_type: str | None = None
    content_encoding: str | None = None
    record: Record | None = None
    confirms: datetime | None = None
    body: bytes = field(default=b"", repr=False)

    @property
    def says_unchanged(self) -> bool:
        """Whether the response only says that the page has not changed since it was last stored."""
        return self.outcome is Outcome.STORED and self.article is None

    @property
    def shows_article(self) -> bool:
        """Whether the page shows an article, including one that may not be stored."""
        return self.outcome is Outcome.STORED or (self.outcome is Outcome.QUARANTINED and self.stage not in UNREAD)

    @property
    def day(self) -> date | None:
        """The date of publication of its article, None if it has none or is not refined."""
        return self.article.published.date if self.article is not None and self.article.published else None
