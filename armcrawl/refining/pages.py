"""From the bytes of a response to its refined page; all jobs use these functions.

A response that cannot be decompressed, read or refined, or that breaks the contract of an article, goes to quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome, Pickled
from armcrawl.reading.decoding import UndecodableError
from armcrawl.reading.response import packed_page, page_of, read_response, readable, unread_page
from armcrawl.sites import site_of, stored_address

if TYPE_CHECKING:
    from armcrawl.items import Announced, Page, Reading
    from armcrawl.reading.response import SiteResponse
    from armcrawl.refining.chain import Refined
    from armcrawl.sites import Origin, PageKey


@dataclass(frozen=True, slots=True)
class Understood(Pickled):
    """A decompressed response, its reading, and the refined article, None if it shows none."""

    response: SiteResponse
    reading: Reading
    refined: Refined | None


def understand(
    response: SiteResponse,
    requested: str | None = None,
    origin: Origin | None = None,
    announced: Announced | None = None,
) -> Understood:
    """Decompress, read and refine a response, in the same way for crawl, archives, replay and `inspect`.

    `requested` is the site's own address that was requested, `origin` the server that responded, `announced` what a
    listing, a feed or a sitemap says of the page, where they are known.
    Raises UndecodableError if the body cannot be decompressed.
    """
    # A crawl's own process names these functions for the one that reads, and need not have what they work with.
    from armcrawl.refining.chain import refine

    plain = readable(response)
    reading = read_response(plain, requested, origin)
    site = origin.site if origin is not None else site_of(plain.address)
    article = reading.article
    refined = refine(article, plain.fetched_at, site, announced) if article is not None else None
    return Understood(plain, reading, refined)


def page_from(key: PageKey, response: SiteResponse, origin: Origin, announced: Announced | None = None) -> Page:
    """Return the page for a response; it raises nothing, as a page on which any step fails goes to quarantine."""
    try:
        requested = response.requested or stored_address(key, response.address)
        understood = understand(response, requested, origin, announced)
    except UndecodableError as error:
        return packed_page(key, response, str(error))
    except Exception as error:  # noqa: BLE001 - whatever fails in reading, the page and its bytes are kept
        return unread_page(key, response, f"the reader failed: {type(error).__name__}: {error}")
    page, refined = page_of(key, understood.response, understood.reading), understood.refined
    if page.article is None or refined is None:
        return page
    if refined.fault is None:
        page.article = refined.article
        return page
    article = refined.article if refined.is_whole else None
    return replace(page, article=article, outcome=Outcome.QUARANTINED, stage=refined.stage, reason=refined.fault)


def page_to_store(key: PageKey, response: SiteResponse, origin: Origin, announced: Announced | None = None) -> Page:
    """Return the page for a response, without its body unless it goes to quarantine, where alone it is needed."""
    page = page_from(key, response, origin, announced)
    return page if page.outcome is Outcome.QUARANTINED else replace(page, body=b"")
