"""The pages of both sample portals, read as a crawl reads them, as they are and broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from armcrawl.items import Outcome, Reason
from armcrawl.reading.response import SiteResponse
from armcrawl.refining.pages import page_from
from armcrawl.sample.articles import SITE as PORTAL
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import Portal
from armcrawl.sample.press.articles import SITE as JOURNAL
from armcrawl.sample.press.portal import PressPortal
from armcrawl.sites import Origin
from armcrawl.store.runs.page_observations import blocked, observation_of, without_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from armcrawl.checks import Observation
    from armcrawl.sites import PageKey, Site

    Change = Callable[["SamplePage"], str | bytes]

READ_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
# Enough articles that none comes twice in the last fifty, and few enough to be read in seconds.
MAX_OF_PORTAL, MAX_OF_JOURNAL = 200, 150
SITES: dict[str, Site] = {"portal": PORTAL, "journal": JOURNAL}


@dataclass(frozen=True)
class SamplePage:
    """A page of a portal as the server sends it: `author` and `rubric` are as printed, empty without one."""

    portal: str
    key: PageKey
    address: str
    html: str
    author: str
    rubric: str

    def read(self, sent: str | bytes | None = None) -> Observation:
        """Read the page, or what was sent in its place, from bytes to an observation."""
        body = self.html if sent is None else sent
        response = SiteResponse(
            self.address, 200, READ_AT, body.encode() if isinstance(body, str) else body, "text/html; charset=utf-8"
        )
        site = SITES[self.portal]
        page = page_from(self.key, response, Origin.of(site, None))
        if page.outcome is Outcome.STORED and page.article is not None:
            return observation_of(self.key, page.article, READ_AT.date())
        if page.outcome is Outcome.FAILED and (page.reason or "").startswith((Reason.BLOCKED, Reason.UNAVAILABLE)):
            return blocked(self.key)
        return without_article(self.key, page.outcome, page.reason)


@cache
def pages_of(portal: str, markup: str) -> tuple[SamplePage, ...]:
    """Return the newest pages of a portal in one of its markups."""
    if portal == "portal":
        shown = Portal(markup)
        articles = sorted(load_sample().articles.values(), key=lambda one: (one.day, one.number))[-MAX_OF_PORTAL:]
        return tuple(
            SamplePage(
                portal,
                one.key,
                one.address,
                shown.render_article(one, READ_AT.date()).decode(shown.charset),
                one.author,
                one.key.section,
            )
            for one in articles
        )
    journal = PressPortal(markup)
    newest = journal.chronicle.at(READ_AT).articles[:MAX_OF_JOURNAL]
    return tuple(
        SamplePage(
            portal,
            one.key,
            one.address,
            journal.respond(one.encoded_path, READ_AT).body.decode(),
            one.author,
            one.rubric,
        )
        for one in reversed(newest)
    )


@cache
def read_broken(page: SamplePage, change: Change) -> Observation:
    """Return what is noted of a page that was changed."""
    return page.read(change(page))


@cache
def read_pages(portal: str, markup: str) -> tuple[Observation, ...]:
    """Return what is noted of a portal's pages as they are."""
    return tuple(page.read() for page in pages_of(portal, markup))
