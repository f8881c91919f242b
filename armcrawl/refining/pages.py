"""Refining of whole pages: what cannot be refined, or breaks the contract, goes to quarantine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.reading.answer import page_of, read_answer, unread_page
from armcrawl.refining.chain import STAGES
from armcrawl.refining.context import Context
from armcrawl.refining.validation import fault_of
from armcrawl.sites import address_of, site_named

if TYPE_CHECKING:
    from armcrawl.items import Page
    from armcrawl.reading.answer import Answer
    from armcrawl.sites import Origin, PageKey


def _refine_stage(page: Page, stage: str) -> Page:
    if page.article is None:
        return page
    try:
        return replace(
            page, article=STAGES[stage](page.article, Context.of(page.fetched_at, site_named(page.key.site)))
        )
    except Exception as error:  # noqa: BLE001 - the page is kept, with the reason
        reason = f"refining failed: {type(error).__name__}: {error}"
        return replace(page, article=None, outcome=Outcome.QUARANTINED, stage=stage, reason=reason)


def _validate(page: Page) -> Page:
    """Send an article that breaks the contract to quarantine."""
    fault = fault_of(page.article) if page.article is not None else None
    if fault is None:
        return page
    return replace(page, outcome=Outcome.QUARANTINED, stage="validate", reason=fault)


def page_from(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Read and refine an answer to the end: crawl, import, re-extraction and replay have no other way.

    Whatever reading and refining do, the page is returned: in quarantine where they failed.
    """
    try:
        reading = read_answer(answer, address_of(key, answer.address), origin)
    except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
        return unread_page(key, answer, f"the reader failed: {type(error).__name__}: {error}")
    page = page_of(key, answer, reading)
    for stage in STAGES:
        page = _refine_stage(page, stage)
    return _validate(page)


def page_without_body(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Do the same for one who has the body, so that it need not come back from another process."""
    return replace(page_from(key, answer, origin), body=b"")
