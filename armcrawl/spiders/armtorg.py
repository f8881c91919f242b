"""Armtorg: its ids rise with the date, so what is missing is arithmetic."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.addresses import ARMTORG, PageKey
from armcrawl.items import Outcome, Page, Reason
from armcrawl.reading.answer import failed_page, refusal_of, unchanged_page, unread_page
from armcrawl.runs.budget import NotSentError
from armcrawl.runs.extension import RunExtension, run_of
from armcrawl.runs.failures import failure_sentence, unreadable_because
from armcrawl.runs.robots import RobotsUnreadableError, is_forbidden
from armcrawl.spiders.answers import RefusedError
from armcrawl.spiders.bisection import DayFinder
from armcrawl.spiders.frontier import Frontier
from armcrawl.spiders.site import SiteSpider
from armcrawl.store import ledger
from armcrawl.store.ledger import Due

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from armcrawl.items import Reading
    from armcrawl.runs.goal import Goal

logger = logging.getLogger(__name__)

NOT_MODIFIED = 304
# Ids are given out some days before their article is dated: so many neighbours may belong to the next or the last day.
UNORDERED = 20
# Three groups of linked ids, as the frontier orders them: more are no listing of articles.
MOST_CLAIMS = 15
# Ids are given out before they are published, a few at a time.
PROBES_PAST_HEAD = 3
# So many failures in a row are no bad luck: the site is down, and asking on would be rude.
MOST_FAILURES_IN_A_ROW = 20
# Holes in the ids are short: behind so many missing ones a page that we know must show that the site is still there.
MOST_MISSING_IN_A_ROW = 30
# One page may be closed to strangers; of so many it is the site that shuts us out.
MOST_BLOCKS_IN_A_ROW = 5


class ArmtorgSpider(SiteSpider):
    """Makes the ledger complete, newest first, within the run's budget."""

    name = ARMTORG.name
    site = ARMTORG
    failures_in_a_row = 0
    blocks_in_a_row = 0
    most_missing = MOST_MISSING_IN_A_ROW

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.missing_in_a_row: list[PageKey] = []
        self.sure: PageKey | None = None
        self.spans: dict[str, tuple[int, int]] = {}

    @property
    def run(self) -> RunExtension:
        """The run that this spider carries out."""
        return run_of(self.crawler)

    async def start(self) -> AsyncIterator[Any]:
        """Find the heads, then ask for every id below them that the ledger lacks."""
        frontier = await Frontier.of(self.run.database, self.site.name, self.configuration.sections)
        goal = self.configuration.goal
        if goal is None or not goal.keys:
            addresses = await self.entry_addresses()
            if addresses is None:
                return
            for section in self.configuration.sections:
                async for page in self.find_head(frontier, section, addresses):
                    yield page
            self.sure = next(
                (PageKey(self.site.name, name, str(top)) for name, top in frontier.heads.items() if top), None
            )
            if not any(frontier.heads.values()) and not self.budget.spent:
                origin = self.configuration.origin.base_url
                self.run.fail(f"{origin} shows no article: is the address right?")
        if goal is not None and goal.has_days:
            async for page in self.find_days(frontier, goal):
                yield page
        async for due in self.wanted(frontier, goal):
            if self.budget.spent or self.run.failure:
                return
            await self.until_needed()
            yield self.request(
                due.key.address,
                earlier=due.earlier,
                headers=conditions(due),
                callback=self.parse,
                errback=self.fail,
                cb_kwargs={"key": due.key, "has_failed": due.has_failed},
            )

    async def wanted(self, frontier: Frontier, goal: Goal | None) -> AsyncIterator[Due]:
        """Yield what the run is to ask for, and tell the run how much that is where it can be told."""
        if goal is None:
            async for due in frontier.wanted():
                yield due
        elif goal.keys:
            keys = await self.run.database.call(ledger.unknown_keys, goal.keys)
            self.run.expected = len(keys)
            for key in keys:
                yield Due(key)
        else:
            spans = {name: list(goal.ids) or [(1, frontier.heads[name])] for name in frontier.heads}
            spans |= {name: [span] for name, span in self.spans.items()}
            self.run.expected = await frontier.count_in(spans)
            async for due in frontier.wanted_in(spans):
                yield due

    async def find_days(self, frontier: Frontier, goal: Goal) -> AsyncIterator[Page]:
        """Find the ids of the goal's days in each section, and yield the pages that were probed on the way."""
        for section, top in frontier.heads.items():
            known = await self.run.database.call(ledger.dates, self.site.name, section)
            finder = DayFinder(top, known, partial(self.probe, section))
            first, last = 1, top
            if goal.first_day is not None:
                first = (await finder.around(goal.first_day))[0] + 1 - UNORDERED
            if goal.last_day is not None:
                last = (await finder.around(goal.last_day + timedelta(days=1)))[1] - 1 + UNORDERED
            self.spans[section] = (max(1, first), min(top, last))
            self.run.count("probes", len(finder.probes))
            for page in finder.probes:
                frontier.asked.add(page.key)
                yield page
            found = f"{self.spans[section][0]}-{self.spans[section][1]}" if first <= last else "no ids"
            logger.warning("%s, %s: %s, found with %d probes.", section, goal.in_words(), found, len(finder.probes))

    async def probe(self, section: str, number: int) -> Page | None:
        """Ask for one id at once."""
        return await self.fetch(PageKey(self.site.name, section, str(number)))

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
                self.run.fail(f"{error}.")
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
            self.run.fail(
                f"{origin} gave no usable answer ({said}): see whether the address is right, and the site is up.", said
            )

    async def entry(self, address: str) -> Reading:
        """Read a page that leads to articles; raises RefusedError for an answer that is none."""
        response = await self.ask(address)
        reading = await self.read(response)
        refusal = refusal_of(self.answer(response), reading)
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
                for newer in failed:
                    yield newer
                break
        else:
            for newer in failed:
                yield newer
            if failed and not frontier.heads[section]:
                self.give_up_head(section, failed)
                return
            if failed:
                logger.warning("The newest of %s cannot be read (%s).", section, failed[-1].reason)
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
        """Ask for one page at once; None if the run may not ask, or has failed."""
        if self.run.failure:
            return None
        try:
            page = await self.read_page(key, await self.ask(key.address))
        except Exception as error:  # noqa: BLE001 - whatever the network did, it is the page's outcome
            logger.info("%s: %s", key, failure_sentence(error))
            unasked = isinstance(error, NotSentError) or is_forbidden(error)
            if unasked:
                return None
            page = failed_page(key, failure_sentence(error), clock.now())
        self.watch(page, has_failed=False)
        return page

    async def parse(self, response: Response, key: PageKey, *, has_failed: bool) -> AsyncIterator[Page]:
        """Have an answer read."""
        if response.status == NOT_MODIFIED and is_conditional(response.request):
            self.watch(page := unchanged_page(key, self.answer(response)), has_failed=has_failed)
            yield page
            return
        try:
            page = await self.read_page(key, response)
        except NotSentError:
            return
        except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
            page = unread_page(key, self.answer(response), unreadable_because(error))
        self.watch(page, has_failed=has_failed)
        if is_article(page):
            await self.run.claim_origin()
        yield page
        await self.doubt(page)

    async def doubt(self, page: Page) -> None:
        """When all pages are missing, look whether one that we know is still there; if not, the site has moved."""
        if page.outcome not in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.missing_in_a_row.clear()
            self.most_missing = MOST_MISSING_IN_A_ROW
            return
        if self.run.doubtful:
            self.run.doubtful.append(page.key)
        self.missing_in_a_row.append(page.key)
        if len(self.missing_in_a_row) < self.most_missing or self.sure is None:
            return
        # A hole in the ids may be long: the longer it is, the less often we ask.
        self.most_missing *= 2
        witness = await self.fetch(self.sure)
        if witness is not None and witness.outcome in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.run.doubtful += self.missing_in_a_row
            number = len(self.missing_in_a_row)
            self.run.fail(
                f"{number} pages in a row are missing, and so is {self.sure}, which we hold: has the site moved? "
                "The next run asks for them again."
            )

    def fail(self, failure: Failure) -> Page | None:
        """Record a request that got no usable answer."""
        error = failure.value
        if error is None or isinstance(error, NotSentError) or is_forbidden(error):
            return None
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        page = failed_page(request.cb_kwargs["key"], failure_sentence(error), clock.now())
        self.watch(page, has_failed=request.cb_kwargs["has_failed"])
        return page

    def watch(self, page: Page, *, has_failed: bool) -> None:
        """Give the run up when the site does not answer any more.

        A page that has failed before says nothing of the site when it fails again.
        """
        if page.outcome is not Outcome.FAILED:
            self.failures_in_a_row = self.blocks_in_a_row = 0
            return
        if has_failed:
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


def is_conditional(request: Request | None) -> bool:
    """Tell whether a request asked for a page only if it changed."""
    return request is not None and any(name in request.headers for name in ("If-None-Match", "If-Modified-Since"))


def is_article(page: Page) -> bool:
    """Tell whether a page shows an article, be it one that may not be stored."""
    return page.outcome is Outcome.STORED or (page.outcome is Outcome.QUARANTINED and page.stage != "reading")
