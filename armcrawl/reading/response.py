"""A response of the site becomes the page that the ledger will hold; from the net or from an archive alike."""

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


def unpacked(response: SiteResponse) -> SiteResponse:
    """Return a response without its content codings; raises UndecodableError."""
    if response.content_encoding is None:
        return response
    plain = unpack(response.body, response.content_encoding)
    notes = (*response.notes, TRAILING) if plain.trailing else response.notes
    return replace(response, body=plain.body, content_encoding=None, notes=notes)


def readable(response: SiteResponse) -> SiteResponse:
    """Return a response with the body that its page is read from; raises UndecodableError.

    Where the status alone tells what the response is, a damaged body is as good as none.
    """
    try:
        return unpacked(response)
    except UndecodableError:
        if failure_of(response) is None and by_status(response.status) is None:
            raise
        return replace(response, body=b"", content_encoding=None)


def shown(response: SiteResponse) -> SiteResponse:
    """Return a response as a person may look at it: unpacked, or as it came where that cannot be done."""
    try:
        return unpacked(response)
    except UndecodableError:
        return response


def read_response(response: SiteResponse, requested: str | None, origin: Origin | None) -> Reading:
    """Read the page of an unpacked response; `requested` is the site's own address that was asked for, if known."""
    reading = read_page(
        response.body,
        response.address,
        fetched_at=response.fetched_at,
        content_type=response.content_type,
        status=response.status,
        requested_url=requested,
        map_address=None if origin is None or origin.is_site else origin.to_site,
    )
    article = reading.article
    return (
        replace(reading, result=article.noting(*response.notes)) if article is not None and response.notes else reading
    )


def page_of(key: PageKey, response: SiteResponse, reading: Reading) -> Page:
    """Return the page for an unpacked response that was read."""
    outcome, reason = _outcome(key, response, reading.result)
    if outcome is Outcome.FAILED:
        return _failed_response(key, response, reason or "")
    page = replace(
        _answered_page(key, response, outcome, reason),
        article=reading.article if outcome is Outcome.STORED else None,
        rates=reading.rates,
        stage=READING if outcome is Outcome.QUARANTINED else None,
    )
    # Asked whether half a page has changed, a site would say that it has not.
    return replace(page, etag=None, last_modified=None) if page.article is not None and page.article.is_cut else page


def unchanged_page(key: PageKey, response: SiteResponse) -> Page:
    """Return the page for an article that the site says is as we last had it."""
    return Page(
        key=key,
        address=stored_address(key, *_seen(response)),
        fetched_at=response.fetched_at,
        outcome=Outcome.STORED,
        http_status=response.status,
    )


def unread_page(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a response that its reader could not cope with: its bytes go to quarantine."""
    return replace(_answered_page(key, shown(response), Outcome.QUARANTINED, reason), stage=READING)


def packed_page(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a response that cannot be unpacked: its bytes go to quarantine as they came.

    Asked whether they have changed, a site would say that the page has not.
    """
    page = _answered_page(key, response, Outcome.QUARANTINED, reason)
    return replace(page, stage=DECODING, etag=None, last_modified=None)


def failed_page(key: PageKey, reason: str, moment: datetime, *seen: str | None) -> Page:
    """Return the page for a request that got no usable response, seen at some addresses: the next run asks again."""
    return Page(key, stored_address(key, *seen), moment, Outcome.FAILED, reason=reason)


def _failed_response(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a response whose tags and digest are not the page's."""
    return replace(failed_page(key, reason, response.fetched_at, *_seen(response)), http_status=response.status)


def _seen(response: SiteResponse) -> tuple[str | None, ...]:
    """Return the addresses of a response, the likeliest first to be its page's."""
    return response.address, response.requested


def refusal_of(response: SiteResponse, reading: Reading) -> str | None:
    """Return why a response leads nowhere: the server failed, or refuses us, or shows nothing."""
    if failure := failure_of(response):
        return failure
    result = reading.result
    if isinstance(result, NotAnArticle) and result.reason in {Reason.BLOCKED, Reason.MISSING, Reason.EMPTY}:
        return f"{result.reason}: {result.detail}"
    return None


def _answered_page(key: PageKey, response: SiteResponse, outcome: Outcome, reason: str | None) -> Page:
    """Return the page for a response. Its digest is that of the unpacked body, if it can be unpacked.

    So a page stays the same whatever it is packed with; the archive's own digest is of the bytes as received.
    """
    return Page(
        key=key,
        address=stored_address(key, *_seen(response)),
        fetched_at=response.fetched_at,
        outcome=outcome,
        reason=reason,
        http_status=response.status,
        etag=response.etag,
        last_modified=_last_modified(response),
        digest=blake2b(response.body, digest_size=DIGEST_SIZE).hexdigest(),
        content_type=response.content_type,
        content_encoding=response.content_encoding,
        record=response.record,
        body=response.body,
    )


def failure_of(response: SiteResponse) -> str | None:
    """Return why a response says nothing of its page, whatever its body."""
    if response.status >= FAILING_STATUS:
        return f"status {response.status}"
    if response.status in REDIRECTS:
        # Those that can be followed were: this one leads nowhere, or out of the web.
        return f"status {response.status} leads to {response.location or 'nowhere'}"
    return None


def _outcome(key: PageKey, response: SiteResponse, result: Article | NotAnArticle) -> tuple[Outcome, str | None]:
    if failure := failure_of(response):
        return Outcome.FAILED, failure
    shown = identify(response.address)
    if shown is not None and not is_address_of(key, response.address):
        return Outcome.NOT_ARTICLE, f"redirects to {shown}"
    if isinstance(result, NotAnArticle):
        said = f"{result.reason}: {result.detail}" if result.detail else str(result.reason)
        return OUTCOMES[result.reason], said
    return Outcome.STORED, None


def _last_modified(response: SiteResponse) -> str | None:
    """Return when the page was changed last; None for a time to come, which would make every later change old."""
    try:
        moment = parsedate_to_datetime(response.last_modified or "")
    except (ValueError, OverflowError):
        return None
    is_past = moment.tzinfo is not None and moment <= response.fetched_at
    return response.last_modified if is_past else None
