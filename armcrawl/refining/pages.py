"""Refining of whole pages: what cannot be refined, or breaks the contract, goes to quarantine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.reading.answer import page_of, read_answer, unread_page
from armcrawl.refining.chain import STAGES
from armcrawl.refining.validation import fault_of

if TYPE_CHECKING:
    from armcrawl.addresses import Origin, PageKey
    from armcrawl.items import Page
    from armcrawl.reading.answer import Answer


def refine_stage(page: Page, stage: str) -> Page:
    """Run one stage over a page's article, if it is one."""
    if page.article is None:
        return page
    try:
        return replace(page, article=STAGES[stage](page.article, page.fetched_at))
    except Exception as error:  # noqa: BLE001 - the page is kept, with the reason
        reason = f"refining failed: {type(error).__name__}: {error}"
        return replace(page, article=None, outcome=Outcome.QUARANTINED, stage=stage, reason=reason)


def validate(page: Page) -> Page:
    """Send an article that breaks the contract to quarantine."""
    fault = fault_of(page.article) if page.article is not None else None
    if fault is None:
        return page
    return replace(page, outcome=Outcome.QUARANTINED, stage="validate", reason=fault)


def refined_page(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Read and refine an answer to the end; raises whatever its reader raises."""
    page = page_of(key, answer, read_answer(answer, key.address, origin))
    for stage in STAGES:
        page = refine_stage(page, stage)
    page = validate(page)
    # Only quarantine keeps the bytes: nobody has to carry the others from process to process.
    return page if page.outcome is Outcome.QUARANTINED else replace(page, body=b"")


def page_from(key: PageKey, answer: Answer, origin: Origin) -> Page:
    """Return the same; a page that its reader cannot cope with goes to quarantine."""
    try:
        return refined_page(key, answer, origin)
    except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
        return unread_page(key, answer, f"the reader failed: {type(error).__name__}: {error}")
