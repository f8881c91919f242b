"""What a page may do to its reader: called in a process of its own, which imports no more than they need."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import NotAnArticle, Page, Reading, Reason
from armcrawl.reading.response import SiteResponse, failed_page, page_of, unread_page
from armcrawl.refining.pages import page_from

if TYPE_CHECKING:
    from armcrawl.items import Announced
    from armcrawl.sites import Origin, PageKey


def hang(key: PageKey, response: SiteResponse, origin: Origin, announced: Announced | None = None) -> Page:
    if b"hang" in response.body:
        time.sleep(60)
    return page_from(key, response, origin, announced)


def crash(key: PageKey, response: SiteResponse, origin: Origin, announced: Announced | None = None) -> Page:
    if b"crash" in response.body:
        os._exit(3)
    return page_from(key, response, origin, announced)


def fail(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    del key, response, origin
    raise LookupError("нет")


def quarantine_otherwise(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    del origin
    return unread_page(key, response, "the reader failed: today")


def quarantine_as_before(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    del origin
    return replace(unread_page(key, response, "no title"), stage="validate")


def find_listing(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    del origin
    return page_of(key, response, Reading(NotAnArticle(Reason.LISTING, "ten teasers")))


def find_wall(key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    del origin
    return failed_page(key, "blocked: a captcha", response.fetched_at)
