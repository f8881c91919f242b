"""Armtorg: its ids rise with the date, so what is missing is arithmetic."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy import signals

from armcrawl.addresses import ARMTORG, PageKey
from armcrawl.items import Outcome, Page, Reason
from armcrawl.runs.budget import NotSentError
from armcrawl.runs.extension import RunExtension, run_of
from armcrawl.runs.robots import RobotsUnreadableError, is_forbidden
from armcrawl.spiders.answers import (
    RefusedError,
    failed_page,
    failure_sentence,
    page_of,
    refusal_of,
    unchanged_page,
    unread_page,
)
from armcrawl.spiders.frontier import Frontier
from armcrawl.spiders.site import SiteSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from armcrawl.items import Reading
    from armcrawl.store.ledger import Due

logger = logging.getLogger(__name__)

NOT_MODIFIED = 304
# Three groups of linked ids, as the frontier orders them: more are no listing of articles.
MOST_CLAIMS = 15
# Ids are given out before they are published, a few at a time.
PROBES_PAST_HEAD = 3
# So many failures in a row are no bad luck: the site is down, and asking on would be rude.
MOST_FAILURES_IN_A_ROW = 20
# One page may be closed to strangers; of so many it is the site that shuts us out.
MOST_BLOCKS_IN_A_ROW = 5


class ArmtorgSpider(SiteSpider):
    """Makes the ledger complete, newest first, within the run's budget."""

    name = ARMTORG.name
    site = ARMTORG
    failures_in_a_row = 0
    blocks_in_a_row = 0

    @property
    def run(self) -> RunExtension:
        """The run that this spider carries out."""
        return run_of(self.crawler)

    async def start(self) -> AsyncIterator[Any]:
        """Find the heads, then ask for every id below them that the ledger lacks."""
        frontier = await Frontier.of(self.run.database, self.site.name, self.configuration.sections)
        addresses = await self.entry_addresses()
        if addresses is None:
            return
        for section in self.configuration.sections:
            async for page in self.find_head(frontier, section, addresses):
                yield page
        if not any(frontier.heads.values()) and not self.budget.spent:
            origin = self.configuration.origin.base_url
            self.run.fail(f"{origin} shows no article: is the address right?")
        async for due in frontier.wanted():
            if self.budget.spent or self.run.failure:
                return
            await self.until_needed()
            yield self.request(
                due.key.address,
                headers=conditions(due),
                callback=self.parse,
                errback=self.fail,
                cb_kwargs={"key": due.key},
            )

    async def until_needed(self) -> None:
        """Wait until the downloader has room, so that a long archive never piles up in memory."""
        engine = self.crawler.engine
        if engine is not None and engine.needs_backout():
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def entry_addresses(self) -> list[str] | None:
        """Return what the home page and the listings link to; None, and a failed run, without an answer."""
        listings = [self.site.section(name).listing for name in self.configuration.sections]
        addresses: list[str] = []
        refusals: list[str] = []
        entries = [self.site.home, *(self.site.home + path.lstrip("/") for path in listings)]
        for address in entries:
            try:
                reading = await self.entry(address)
            except NotSentError:
                return addresses
            except RobotsUnreadableError as error:
                self.run.fail(str(error))
                return None
            except Exception as error:  # noqa: BLE001 - whatever the network did, the operator must hear of it
                refusals.append(failure_sentence(error))
                continue
            addresses += map(self.configuration.origin.to_site, reading.addresses)
        if len(refusals) < len(entries):
            return addresses
        self.give_up(refusals)
        return None

    def give_up(self, refusals: Sequence[str]) -> None:
        """Fail the run, as none of the entries could be read."""
        origin = self.configuration.origin.base_url
        if all("robots.txt" in refusal for refusal in refusals):
            self.run.fail(f"{origin}/robots.txt forbids all that this run would ask for.")
        else:
            said = refusals[-1]
            self.run.fail(f"{origin} gave no usable answer ({said}): is the address right, and the site up?", said)

    async def entry(self, address: str) -> Reading:
        """Read a page that leads to articles; raises RefusedError for an answer that is none."""
        response = await self.ask(address)
        reading = await self.read(response)
        refusal = refusal_of(response, reading)
        if refusal is not None:
            raise RefusedError(refusal)
        return reading

    async def find_head(self, frontier: Frontier, section: str, addresses: list[str]) -> AsyncIterator[Page]:
        """Yield the pages that settle where a section ends: the highest linked article, and what is past it."""
        failed: list[Page] = []
        for key in frontier.claims(addresses, section)[:MOST_CLAIMS]:
            page = await self.fetch(key)
            if page is not None and page.outcome is Outcome.FAILED:
                failed.append(page)
            elif page is not None and is_article(page):
                yield await self.raise_head(frontier, page)
                break
        else:
            if failed:
                self.give_up_head(section, failed)
                return
        probes = PROBES_PAST_HEAD if frontier.is_uncertain(section) else 0
        while probes:
            probes -= 1
            page = await self.fetch(frontier.next_probe(section))
            # What does not answer past the head is not recorded: it may be tomorrow's article.
            if page is not None and is_article(page):
                probes = PROBES_PAST_HEAD
                yield await self.raise_head(frontier, page)

    async def raise_head(self, frontier: Frontier, page: Page) -> Page:
        """Take a page for the newest of its section; it is not asked for again."""
        await self.run.claim_origin()
        frontier.raise_head(page.key)
        frontier.asked.add(page.key)
        return page

    def give_up_head(self, section: str, failed: Sequence[Page]) -> None:
        """Fail the run: the site shows new articles, and none of them can be read."""
        reason = failed[-1].reason
        self.run.fail(f"The newest of {section} cannot be read ({reason}): the next run tries again.", reason)

    async def fetch(self, key: PageKey) -> Page | None:
        """Ask for one page at once; None if the run may not ask."""
        try:
            response = await self.ask(key.address)
            reading = await self.read(response)
        except Exception as error:  # noqa: BLE001 - whatever the network did, it is the page's outcome
            logger.info("%s: %s", key, failure_sentence(error))
            unasked = isinstance(error, NotSentError) or is_forbidden(error)
            return None if unasked else failed_page(key, failure_sentence(error))
        return page_of(key, response, reading, self.configuration.origin)

    async def parse(self, response: Response, key: PageKey) -> AsyncIterator[Page]:
        """Have an answer read."""
        if response.status == NOT_MODIFIED:
            self.watch(page := unchanged_page(key, response))
            yield page
            return
        try:
            reading = await self.read(response)
        except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
            page = unread_page(key, response, error)
        else:
            page = page_of(key, response, reading, self.configuration.origin)
        self.watch(page)
        yield page

    def fail(self, failure: Failure) -> Page | None:
        """Record a request that got no usable answer."""
        error = failure.value
        if error is None or isinstance(error, NotSentError) or is_forbidden(error):
            return None
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        page = failed_page(request.cb_kwargs["key"], failure_sentence(error))
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Give the run up when the site does not answer any more."""
        if page.outcome is not Outcome.FAILED:
            self.failures_in_a_row = self.blocks_in_a_row = 0
            return
        self.failures_in_a_row += 1
        self.run.last_error = page.reason
        is_block = (page.reason or "").startswith(Reason.BLOCKED)
        self.blocks_in_a_row = self.blocks_in_a_row + 1 if is_block else 0
        if self.failures_in_a_row >= MOST_FAILURES_IN_A_ROW or self.blocks_in_a_row >= MOST_BLOCKS_IN_A_ROW:
            self.run.fail(
                f"{self.failures_in_a_row} pages in a row failed ({page.reason}): the next run tries them again.",
                page.reason,
            )


def conditions(due: Due) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed since we last had it."""
    wanted = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
    return {name: value for name, value in wanted.items() if value}


def is_article(page: Page) -> bool:
    """Tell whether a page shows an article."""
    return page.outcome is Outcome.STORED
