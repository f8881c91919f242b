"""An answer of the site becomes the page that the ledger will hold; from the net or from an archive alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from armcrawl.items import DECODING, READING, TRAILING, NotAnArticle, Outcome, Page, Pickled, Reason
from armcrawl.reading.decoding import UndecodableError, unpack
from armcrawl.reading.not_article import by_status
from armcrawl.reading.page import read_page
from armcrawl.sites import identify, is_address_of, stored_address

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.items import Article, Reading, Record
    from armcrawl.sites import Origin, PageKey

FAILING_STATUS = 500
REDIRECTS = range(300, 400)
# As for articles: enough that two bodies never share one by chance.
DIGEST_SIZE = 16
OUTCOMES = {
    Reason.MISSING: Outcome.MISSING,
    Reason.EMPTY: Outcome.MISSING,
    Reason.BLOCKED: Outcome.FAILED,
    Reason.LISTING: Outcome.NOT_ARTICLE,
    Reason.PHOTO_LIST: Outcome.NOT_ARTICLE,
    Reason.SERVICE_PAGE: Outcome.NOT_ARTICLE,
    Reason.NOT_HTML: Outcome.NOT_ARTICLE,
    Reason.GARBLED: Outcome.QUARANTINED,
}


@dataclass(frozen=True, slots=True)
class SiteResponse(Pickled):
    """What the site answered: `address` is the site's own that showed it in the end.

    `body` is as it was received, packed as `content_encoding` says; once that is undone (`unpacked`), it is None.
    `requested` is the site's own address that was asked for, where that is known; `notes` tell what was odd about the
    body.
    """

    address: str
    status: int
    fetched_at: datetime
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = None
    content_encoding: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    record: Record | None = None
    requested: str | None = None
    notes: tuple[str, ...] = ()


def header_text(value: str | None) -> str | None:
    """Return a header as a database takes it: without NULs and halves of letters."""
    return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8") if value is not None else None


def unpacked(answer: SiteResponse) -> SiteResponse:
    """Return an answer without its content codings; raises UndecodableError."""
    if answer.content_encoding is None:
        return answer
    plain = unpack(answer.body, answer.content_encoding)
    notes = (*answer.notes, TRAILING) if plain.trailing else answer.notes
    return replace(answer, body=plain.body, content_encoding=None, notes=notes)


def readable(answer: SiteResponse) -> SiteResponse:
    """Return an answer with the body that its page is read from; raises UndecodableError.

    Where the status alone tells what the answer is, a damaged body is as good as none.
    """
    try:
        return unpacked(answer)
    except UndecodableError:
        if failure_of(answer) is None and by_status(answer.status) is None:
            raise
        return replace(answer, body=b"", content_encoding=None)


def shown(answer: SiteResponse) -> SiteResponse:
    """Return an answer as a person may look at it: unpacked, or as it came where that cannot be done."""
    try:
        return unpacked(answer)
    except UndecodableError:
        return answer


def read_answer(answer: SiteResponse, requested: str | None, origin: Origin | None) -> Reading:
    """Read the page of an unpacked answer; `requested` is the site's own address that was asked for, if known."""
    reading = read_page(
        answer.body,
        answer.address,
        fetched_at=answer.fetched_at,
        content_type=answer.content_type,
        status=answer.status,
        requested_url=requested,
        map_address=None if origin is None or origin.is_site else origin.to_site,
    )
    article = reading.article
    return replace(reading, result=article.noting(*answer.notes)) if article is not None and answer.notes else reading


def page_of(key: PageKey, answer: SiteResponse, reading: Reading) -> Page:
    """Return the page for an unpacked answer that was read."""
    outcome, reason = _outcome(key, answer, reading.result)
    if outcome is Outcome.FAILED:
        return _failed_answer(key, answer, reason or "")
    page = replace(
        _answered_page(key, answer, outcome, reason),
        article=reading.article if outcome is Outcome.STORED else None,
        rates=reading.rates,
        stage=READING if outcome is Outcome.QUARANTINED else None,
    )
    # Asked whether half a page has changed, a site would say that it has not.
    return replace(page, etag=None, last_modified=None) if page.article is not None and page.article.is_cut else page


def unchanged_page(key: PageKey, answer: SiteResponse) -> Page:
    """Return the page for an article that the site says is as we last had it."""
    return Page(
        key=key,
        address=stored_address(key, *_seen(answer)),
        fetched_at=answer.fetched_at,
        outcome=Outcome.STORED,
        http_status=answer.status,
    )


def unread_page(key: PageKey, answer: SiteResponse, reason: str) -> Page:
    """Return the page for an answer that its reader could not cope with: its bytes go to quarantine."""
    return replace(_answered_page(key, shown(answer), Outcome.QUARANTINED, reason), stage=READING)


def packed_page(key: PageKey, answer: SiteResponse, reason: str) -> Page:
    """Return the page for an answer that cannot be unpacked: its bytes go to quarantine as they came.

    Asked whether they have changed, a site would say that the page has not.
    """
    page = _answered_page(key, answer, Outcome.QUARANTINED, reason)
    return replace(page, stage=DECODING, etag=None, last_modified=None)


def failed_page(key: PageKey, reason: str, moment: datetime, *seen: str | None) -> Page:
    """Return the page for a request that got no usable answer, seen at some addresses: the next run asks again."""
    return Page(key, stored_address(key, *seen), moment, Outcome.FAILED, reason=reason)


def _failed_answer(key: PageKey, answer: SiteResponse, reason: str) -> Page:
    """Return the page for an answer whose tags and digest are not the page's."""
    return replace(failed_page(key, reason, answer.fetched_at, *_seen(answer)), http_status=answer.status)


def _seen(answer: SiteResponse) -> tuple[str | None, ...]:
    """Return the addresses of an answer, the likeliest first to be its page's."""
    return answer.address, answer.requested


def refusal_of(answer: SiteResponse, reading: Reading) -> str | None:
    """Return why an answer leads nowhere: the server failed, or refuses us, or shows nothing."""
    if failure := failure_of(answer):
        return failure
    result = reading.result
    if isinstance(result, NotAnArticle) and result.reason in {Reason.BLOCKED, Reason.MISSING, Reason.EMPTY}:
        return f"{result.reason}: {result.detail}"
    return None


def _answered_page(key: PageKey, answer: SiteResponse, outcome: Outcome, reason: str | None) -> Page:
    """Return the page for an answer. Its digest is that of the unpacked body, if it can be unpacked.

    So a page stays the same whatever it is packed with; the archive's own digest is of the bytes as received.
    """
    return Page(
        key=key,
        address=stored_address(key, *_seen(answer)),
        fetched_at=answer.fetched_at,
        outcome=outcome,
        reason=reason,
        http_status=answer.status,
        etag=answer.etag,
        last_modified=_last_modified(answer),
        digest=blake2b(answer.body, digest_size=DIGEST_SIZE).hexdigest(),
        content_type=answer.content_type,
        content_encoding=answer.content_encoding,
        record=answer.record,
        body=answer.body,
    )


def failure_of(answer: SiteResponse) -> str | None:
    """Return why an answer says nothing of its page, whatever its body."""
    if answer.status >= FAILING_STATUS:
        return f"status {answer.status}"
    if answer.status in REDIRECTS:
        # Those that can be followed were: this one leads nowhere, or out of the web.
        return f"status {answer.status} leads to {answer.location or 'nowhere'}"
    return None


def _outcome(key: PageKey, answer: SiteResponse, result: Article | NotAnArticle) -> tuple[Outcome, str | None]:
    if failure := failure_of(answer):
        return Outcome.FAILED, failure
    shown = identify(answer.address)
    if shown is not None and not is_address_of(key, answer.address):
        return Outcome.NOT_ARTICLE, f"redirects to {shown}"
    if isinstance(result, NotAnArticle):
        said = f"{result.reason}: {result.detail}" if result.detail else str(result.reason)
        return OUTCOMES[result.reason], said
    return Outcome.STORED, None


def _last_modified(answer: SiteResponse) -> str | None:
    """Return when the page was changed last; None for a time to come, which would make every later change old."""
    try:
        moment = parsedate_to_datetime(answer.last_modified or "")
    except (ValueError, OverflowError):
        return None
    is_past = moment.tzinfo is not None and moment <= answer.fetched_at
    return answer.last_modified if is_past else None
