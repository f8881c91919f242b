"""An answer of the site, or its failure, becomes the page that the ledger will hold."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from armcrawl import clock
from armcrawl.addresses import identify
from armcrawl.items import Article, NotAnArticle, Outcome, Page, Reason
from armcrawl.runs.archiving import FETCHED_AT, RECORD
from armcrawl.runs.failures import failure_sentence
from armcrawl.worker import WorkerCrashError

if TYPE_CHECKING:
    from scrapy.http import Response

    from armcrawl.addresses import Origin, PageKey
    from armcrawl.items import Reading

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
    Reason.NOT_HTML: Outcome.NOT_ARTICLE,
}


def page_of(key: PageKey, response: Response, reading: Reading, origin: Origin) -> Page:
    """Return the page for an answer that was read."""
    outcome, reason = _outcome(key, response, reading.result, origin)
    if outcome is Outcome.FAILED:
        # Its tags and digest are not the page's.
        return replace(failed_page(key, reason or ""), http_status=response.status)
    return replace(
        _answered_page(key, response, outcome, reason),
        article=reading.article if outcome is Outcome.STORED else None,
        rates=reading.rates,
    )


def unchanged_page(key: PageKey, response: Response) -> Page:
    """Return the page for an article that the site says is as we last had it."""
    return Page(
        key=key,
        address=key.address,
        fetched_at=response.meta[FETCHED_AT],
        outcome=Outcome.STORED,
        http_status=response.status,
    )


def unread_page(key: PageKey, response: Response, error: Exception) -> Page:
    """Return the page for an answer that its reader could not cope with: its bytes go to quarantine."""
    crashed = isinstance(error, WorkerCrashError)
    reason = "the page crashes its reader" if crashed else f"the reader failed: {failure_sentence(error)}"
    return replace(_answered_page(key, response, Outcome.QUARANTINED, reason), stage="reading")


def _answered_page(key: PageKey, response: Response, outcome: Outcome, reason: str | None) -> Page:
    return Page(
        key=key,
        address=key.address,
        fetched_at=response.meta[FETCHED_AT],
        outcome=outcome,
        reason=reason,
        http_status=response.status,
        etag=_header(response, "ETag"),
        last_modified=_last_modified(response),
        digest=blake2b(response.body, digest_size=DIGEST_SIZE).hexdigest(),
        content_type=_header(response, "Content-Type"),
        record=response.meta.get(RECORD),
        body=response.body,
    )


class RefusedError(IgnoreRequest):
    """An answer that a page cannot be read from; the message says why."""


def refusal_of(response: Response, reading: Reading) -> str | None:
    """Return why an answer is none: the server failed, or refuses us."""
    if failure := _failure_of(response):
        return failure
    result = reading.result
    if isinstance(result, NotAnArticle) and result.reason is Reason.BLOCKED:
        return f"{result.reason}: {result.detail}"
    return None


def _failure_of(response: Response) -> str | None:
    """Return why an answer says nothing of its page, whatever its body."""
    if response.status >= FAILING_STATUS:
        return f"status {response.status}"
    if response.status in REDIRECTS:
        # Those that can be followed were: this one leads nowhere, or out of the web.
        return f"status {response.status} leads to {_header(response, 'Location') or 'nowhere'}"
    return None


def failed_page(key: PageKey, reason: str) -> Page:
    """Return the page for a request that got no usable answer: the next run asks again."""
    return Page(key=key, address=key.address, fetched_at=clock.now(), outcome=Outcome.FAILED, reason=reason)


def _outcome(
    key: PageKey, response: Response, result: Article | NotAnArticle, origin: Origin
) -> tuple[Outcome, str | None]:
    if failure := _failure_of(response):
        return Outcome.FAILED, failure
    shown = identify(origin.to_site(response.url))
    if shown is not None and shown != key:
        return Outcome.NOT_ARTICLE, f"redirects to {shown}"
    if isinstance(result, NotAnArticle):
        said = f"{result.reason}: {result.detail}" if result.detail else str(result.reason)
        return OUTCOMES[result.reason], said
    return Outcome.STORED, None


def _last_modified(response: Response) -> str | None:
    """Return when the page was changed last; None for a time to come, which would make every later change old."""
    value = _header(response, "Last-Modified")
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    is_past = moment.tzinfo is not None and moment <= clock.now()
    return value if is_past else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
