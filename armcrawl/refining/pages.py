"""Refining of whole pages: what cannot be refined, or breaks the contract, goes to quarantine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.reading.answer import page_of, read_answer, unread_page
from armcrawl.refining.chain import VALIDATE, refine
from armcrawl.sites import stored_address

if TYPE_CHECKING:
    from armcrawl.items import Page
    from armcrawl.reading.answer import Answer
    from armcrawl.sites import Origin, PageKey


def page_from(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Read and refine an answer to the end: crawl, import, re-extraction and replay have no other way.

    Whatever reading and refining do, the page is returned: in quarantine where they failed.
    """
    try:
        reading = read_answer(answer, answer.requested or stored_address(key, answer.address), origin)
    except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
        return unread_page(key, answer, f"the reader failed: {type(error).__name__}: {error}")
    page = page_of(key, answer, reading)
    if page.article is None:
        return page
    refined = refine(page.article, page.fetched_at, origin.site)
    if refined.fault is None:
        return replace(page, article=refined.article)
    article = refined.article if refined.stage == VALIDATE else None
    return replace(page, article=article, outcome=Outcome.QUARANTINED, stage=refined.stage, reason=refined.fault)


def page_without_body(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Do the same for one who has the body, so that it need not come back from another process."""
    return replace(page_from(key, answer, origin), body=b"")
