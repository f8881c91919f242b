"""A response of the site, from the network or an archive, becomes the page that the ledger stores."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, TypedDict

from armcrawl.items import DECODING, READING, TRAILING, NotAnArticle, Outcome, Page, Pickled, Reason
from armcrawl.reading.decoding import UndecodableError, unpack
from armcrawl.reading.statuses import WITH_PAGE, by_status
from armcrawl.redaction import tellable
from armcrawl.sites import identify, is_address_of, stored_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from armcrawl.items import Article, Reading, Record
    from armcrawl.sites import Origin, PageKey

FAILING_STATUS = 500
REDIRECTS = range(300, 400)
# RFC 9110, 15.3.7, and RFC 3229, 10.4.1: nobody asked for a part, and no part is a page.
PARTIAL = frozenset({206, 226})
# Bytes, as for articles (`refining/fingerprint.py`): two different bodies never share a digest by chance.
DIGEST_SIZE = 16
NO_PAGE = frozenset({Reason.BLOCKED, Reason.UNAVAILABLE, Reason.MISSING, Reason.EMPTY})
OUTCOMES = {
    Reason.MISSING: Outcome.MISSING,
    Reason.EMPTY: Outcome.MISSING,
    Reason.BLOCKED: Outcome.FAILED,
    Reason.UNAVAILABLE: Outcome.FAILED,
    Reason.LISTING: Outcome.NOT_ARTICLE,
    Reason.PHOTO_LIST: Outcome.NOT_ARTICLE,
    Reason.SERVICE_PAGE: Outcome.NOT_ARTICLE,
    Reason.NOT_HTML: Outcome.NOT_ARTICLE,
    Reason.GARBLED: Outcome.QUARANTINED,
}


@dataclass(frozen=True, slots=True)
class SiteResponse(Pickled):
    """One response of the site.

    `address` is the address that responded after all redirects, `requested` the one that was requested, where known;
    both are on the site itself, also where a mirror responded. `body` is as received, compressed as `content_encoding`
    says; `unpacked` decompresses it and sets `content_encoding` to None. `notes` name what was odd about the body.
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
    """Return a header without NULs and lone surrogates, which databases refuse; None for an empty one."""
    return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8") or None if value else None


class HeaderFields(TypedDict):
    """What the headers of a response say that is of use for reading it."""

    content_type: str | None
    content_encoding: str | None
    etag: str | None
    last_modified: str | None
    location: str | None


def header_fields(headers: Iterable[tuple[str, str]]) -> HeaderFields:
    """Return what headers say: of one that is repeated the last, but codings are all undone (RFC 9110, 5.2).

    Network and archive both ask here, so that a page reads the same from either.
    """
    last, codings = dict[str, str](), list[str]()
    for name, value in headers:
        last[name.lower()] = value
        if name.lower() == "content-encoding":
            codings.append(value)
    return HeaderFields(
        content_type=header_text(last.get("content-type")),
        content_encoding=header_text(",".join(codings)),
        etag=header_text(last.get("etag")),
        last_modified=header_text(last.get("last-modified")),
        location=header_text(last.get("location")),
    )


def unpacked(response: SiteResponse) -> SiteResponse:
    """Return a response with its body decompressed; raises UndecodableError if that is not possible."""
    if response.content_encoding is None:
        return response
    plain = unpack(response.body, response.content_encoding)
    notes = (*response.notes, TRAILING) if plain.trailing else response.notes
    return replace(response, body=plain.body, content_encoding=None, notes=notes)


def readable(response: SiteResponse) -> SiteResponse:
    """Return a response with its body decompressed, or without one if it is damaged but the status says everything.

    Raises UndecodableError if the body is damaged and needed.
    """
    try:
        return unpacked(response)
    except UndecodableError:
        if failure_of(response) is None and by_status(response.status) is None:
            raise
        return replace(response, body=b"", content_encoding=None)


def shown(response: SiteResponse) -> SiteResponse:
    """Return a response for a person to look at: decompressed if possible, else as received."""
    try:
        return unpacked(response)
    except UndecodableError:
        return response


def read_response(response: SiteResponse, requested: str | None, origin: Origin | None) -> Reading:
    """Read the page of a decompressed response; `requested` is the site's own address that was requested, if known."""
    # Whoever only hands responses on, as a crawl's own process, pays for no reader.
    from armcrawl.reading.page import read_page

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
    """Return the page for a decompressed response and its reading."""
    outcome, reason = _outcome(key, response, reading.result)
    if outcome is Outcome.FAILED:
        return _failed_response(key, response, reason or "")
    page = _answered_page(key, response, outcome, reason)
    page.article = reading.article if outcome is Outcome.STORED else None
    page.rates = reading.rates
    page.stage = READING if outcome is Outcome.QUARANTINED else None
    if page.article is not None and page.article.is_cut:
        # Without validators the next request is unconditional: else the site would answer that half a page has not
        # changed.
        page.etag = page.last_modified = None
    return page


def unchanged_page(key: PageKey, response: SiteResponse) -> Page:
    """Return the page for a response which says that the article has not changed since we last fetched it."""
    return Page(
        key=key,
        address=stored_address(key, *_seen(response)),
        fetched_at=response.fetched_at,
        outcome=Outcome.STORED,
        http_status=response.status,
    )


def unread_page(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a response on which the reader failed: its bytes go to quarantine."""
    return replace(_answered_page(key, shown(response), Outcome.QUARANTINED, reason), stage=READING)


def packed_page(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a response that cannot be decompressed: its bytes go to quarantine as received.

    It has no validators, so that the next request is unconditional and brings the whole body again.
    """
    page = _answered_page(key, response, Outcome.QUARANTINED, reason)
    return replace(page, stage=DECODING, etag=None, last_modified=None)


def failed_page(key: PageKey, reason: str, moment: datetime, *seen: str | None) -> Page:
    """Return the page for a request without a usable response, which the next run repeats.

    `seen` are the addresses that responded or were requested, the likeliest to be the page's own first.
    """
    return Page(key, stored_address(key, *seen), moment, Outcome.FAILED, reason=tellable(reason))


def _failed_response(key: PageKey, response: SiteResponse, reason: str) -> Page:
    """Return the page for a failed response, without its validators and digest, which are not those of the page."""
    return replace(failed_page(key, reason, response.fetched_at, *_seen(response)), http_status=response.status)


def _seen(response: SiteResponse) -> tuple[str | None, ...]:
    """Return the addresses of a response, the likeliest to be its page's own first."""
    return response.address, response.requested


def refusal_of(response: SiteResponse, reading: Reading) -> str | None:
    """Return why a response brings no page: the server failed, blocks us, or shows nothing; None if it brings one."""
    if failure := failure_of(response):
        return failure
    result = reading.result
    if isinstance(result, NotAnArticle) and result.reason in NO_PAGE:
        return tellable(f"{result.reason}: {result.detail}")
    return None


def _answered_page(key: PageKey, response: SiteResponse, outcome: Outcome, reason: str | None) -> Page:
    """Return the page for a response, with the digest of the body as given: decompressed where that was possible.

    So a page counts as the same whatever its compression; the archive's own digest is of the bytes as received.
    """
    return Page(
        key=key,
        address=stored_address(key, *_seen(response)),
        fetched_at=response.fetched_at,
        outcome=outcome,
        reason=None if reason is None else tellable(reason),
        http_status=response.status,
        etag=response.etag,
        last_modified=last_modified_of(response),
        digest=digest_of(response.body),
        content_type=response.content_type,
        content_encoding=response.content_encoding,
        record=response.record,
        body=response.body,
    )


def is_gone(status: int | None) -> bool:
    """Tell whether a status says that there is no such page."""
    return status in {404, 410}


def digest_of(body: bytes) -> str:
    """Return what tells whether two bodies are the same."""
    return blake2b(body, digest_size=DIGEST_SIZE).hexdigest()


def failure_of(response: SiteResponse) -> str | None:
    """Return why the status of a response makes its body worthless, or None."""
    if response.status >= FAILING_STATUS:
        return f"status {response.status}"
    if response.status in REDIRECTS:
        # Redirects that can be followed were: this one has no target, or one that is not http.
        return tellable(f"status {response.status} leads to {response.location or 'nowhere'}")
    if response.status in PARTIAL:
        return f"status {response.status} brings a part of the page"
    if response.status in WITH_PAGE:
        return None if response.body else f"status {response.status} without a page"
    refused = by_status(response.status)
    # Whatever page comes with any other status, it is not known to be the one that was asked for.
    return f"status {response.status}" if refused is not None and refused.reason is Reason.UNAVAILABLE else None


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


def last_modified_of(response: SiteResponse) -> str | None:
    """Return the Last-Modified header; None if it is in the future, as then every later change would look old."""
    try:
        moment = parsedate_to_datetime(response.last_modified or "")
    except (ValueError, OverflowError):
        return None
    is_past = moment.tzinfo is not None and moment <= response.fetched_at
    return response.last_modified if is_past else None
