"""From the bytes of a response to its refined page: there is no other way.

What cannot be unpacked, read or refined, or breaks the contract, goes to quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome, Pickled
from armcrawl.reading.decoding import UndecodableError
from armcrawl.reading.response import packed_page, page_of, read_response, readable, unread_page
from armcrawl.refining.chain import VALIDATE, Refined, refine
from armcrawl.sites import site_of, stored_address

if TYPE_CHECKING:
    from armcrawl.items import Page, Reading
    from armcrawl.reading.response import SiteResponse
    from armcrawl.sites import Origin, PageKey


@dataclass(frozen=True, slots=True)
class Understood(Pickled):
    """What was made of a response: unpacked, read, and refined where an article is on it."""

    response: SiteResponse
    reading: Reading
    refined: Refined | None


def understand(response: SiteResponse, requested: str | None = None, origin: Origin | None = None) -> Understood:
    """Unpack, read and refine a response: the order of the stages, for crawl, archives, replay and `inspect` alike.

    `requested` is the site's own address that was asked for, `origin` the server that answered, where they are known.
    Raises UndecodableError.
    """
    plain = readable(response)
    reading = read_response(plain, requested, origin)
    site = origin.site if origin is not None else site_of(plain.address)
    article = reading.article
    return Understood(plain, reading, refine(article, plain.fetched_at, site) if article is not None else None)


def page_from(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    """Return the page that a response shows.

    Whatever unpacking, reading and refining do, the page is returned: in quarantine where they failed.
    """
    try:
        understood = understand(response, response.requested or stored_address(key, response.address), origin)
    except UndecodableError as error:
        return packed_page(key, response, str(error))
    except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
        return unread_page(key, response, f"the reader failed: {type(error).__name__}: {error}")
    page, refined = page_of(key, understood.response, understood.reading), understood.refined
    if page.article is None or refined is None:
        return page
    if refined.fault is None:
        return replace(page, article=refined.article)
    article = refined.article if refined.stage == VALIDATE else None
    return replace(page, article=article, outcome=Outcome.QUARANTINED, stage=refined.stage, reason=refined.fault)


def page_to_store(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    """Return the page that a response shows, with its body only if it goes to quarantine: nobody else needs it."""
    page = page_from(key, response, origin)
    return page if page.outcome is Outcome.QUARANTINED else replace(page, body=b"")
