"""What flows through the house, from the bytes of a page to a stored article."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from armcrawl.sites import PageKey


# The note on an article whose page ends in the middle of a sentence.
CUT = "body/cut"
# The note on one whose bytes go on after the end of what was packed.
TRAILING = "decoding/trailing"


class Outcome(StrEnum):
    """What the ledger says of a page."""

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
    NOT_HTML = "not HTML"
    GARBLED = "garbled"


class Precision(StrEnum):
    """How much of a date was printed."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Pickled:
    """Goes from process to process by its fields alone: twice as fast as dataclasses do by themselves."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the class and the fields that make an equal object."""
        kind = type(self)
        return kind, tuple([getattr(self, name) for name in kind.__match_args__])  # type: ignore[attr-defined]


class TagKind(StrEnum):
    """What a tag names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Tag(Pickled):
    """A tag as printed, with what refining makes of it.

    `name` is in the nominative; `key` is what two spellings of one tag share; `slug` is for addresses
    only. `kind` is told where it is certain; a person should look where `confidence` is below 0.6.
    """

    printed: str
    address: str | None = None
    name: str = ""
    key: str = ""
    slug: str = ""
    kind: TagKind | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Image(Pickled):
    """A picture of the article and its caption as printed."""

    address: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Link(Pickled):
    """A link inside the article's body."""

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
    """Whom an attribution names: as printed, and in the nominative."""

    printed: str
    name: str
    kind: SourceKind | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution(Pickled):
    """The words that say where a text comes from: a line of its own, or a clause («, сообщает ТАСС»).

    `sources` are whom it names, in printed order, without the house itself.
    """

    line: str
    sources: tuple[Source, ...] = ()

    @property
    def source(self) -> str | None:
        """The name of the first source, or None where only the house is named."""
        return self.sources[0].name if self.sources else None

    @property
    def kind(self) -> SourceKind | None:
        """The kind of the first source; the own desk where only the house is named."""
        return self.sources[0].kind if self.sources else SourceKind.OWN_DESK

    @property
    def address(self) -> str | None:
        """Where the first source is linked to."""
        return self.sources[0].address if self.sources else None


@dataclass(frozen=True, slots=True)
class ExchangeRates(Pickled):
    """Roubles for one euro and one dollar, as the page's header printed them for a day."""

    day: date
    euro: Decimal
    dollar: Decimal


@dataclass(frozen=True, slots=True)
class Published(Pickled):
    """When an article says that it was published.

    `date` is the first day of what was printed, `precision` says how much was; `time` is aware
    and in the site's own zone where a time of day was printed.
    """

    date: date
    precision: Precision
    time: datetime | None = None

    @property
    def printed(self) -> str:
        """The date in ISO 8601, cut to what was printed: `2016-05-31`, `2016-05` or `2016`."""
        return self.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


@dataclass(frozen=True, slots=True)
class Evidence(Pickled):
    """How a field was found: the method that won, and a second witness where there is one.

    `left_out` is the number of characters of prose beside the body's text that no rule claims, and that are not in it.
    """

    method: str
    witness: str | None = None
    agrees: bool | None = None
    left_out: int | None = None


@dataclass(frozen=True, slots=True)
class Article(Pickled):
    """One article: first the fields as the page prints them, then what refining adds.

    `lead` is the block of text that opens the article under its title. `notes` are the repairs
    and doubts met on the way, as stat names below `armcrawl/`.
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
        """Whether the page ended in the middle of the text: the rest did not come in."""
        return CUT in self.notes

    @property
    def word_count(self) -> int:
        """Words of the body, parted by white space."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    def noting(self, *notes: str) -> Article:
        """Return this article with more repairs or doubts noted."""
        return replace(self, notes=self.notes + notes) if notes else self


@dataclass(frozen=True, slots=True)
class NotAnArticle(Pickled):
    """A page that is not an article, and why."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading(Pickled):
    """What one page turned out to be.

    `addresses` are all that the page links to, absolute, in page order; `rates` are the header's,
    also on a page that is not an article.
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
    """Where an answer stands in the archive: file, offset of its record in bytes, digest of the body as received."""

    file: str
    offset: int
    payload_digest: str | None = None


# The stages before an article can be seen on a page.
DECODING, READING = "decoding", "reading"
UNREAD = frozenset({DECODING, READING})


@dataclass(slots=True)
class Page:
    """One answer of the site on its way into the database: the item that Scrapy carries.

    `body` is kept only as long as quarantine may need it, packed as `content_encoding` says. `stage` and `reason` tell
    where and why a page ended as anything but an article. `confirms` is when the answer came in that this one says is
    still true, where an archive tells.
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
        """Whether it only says that the page is as we last had it."""
        return self.outcome is Outcome.STORED and self.article is None

    @property
    def shows_article(self) -> bool:
        """Whether it shows an article, be it one that may not be stored."""
        return self.outcome is Outcome.STORED or (self.outcome is Outcome.QUARANTINED and self.stage not in UNREAD)

    @property
    def day(self) -> date | None:
        """The date of the article on it, once that is refined."""
        return self.article.published.date if self.article is not None and self.article.published else None
