"""The one spider: it asks for what a site's discovery finds, and gives up when the site does not answer."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from armcrawl import clock
from armcrawl.crawling.budget import NotSentError
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.downloading.robots import RobotsError, RobotsForbiddenError, RobotsUnreadableError
from armcrawl.crawling.run_extension import RunExtension, run_of
from armcrawl.crawling.scrapy_responses import RefusedError
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.kinds import kind_of
from armcrawl.items import Outcome, Page, Reason
from armcrawl.reading.response import failed_page, refusal_of, unchanged_page
from armcrawl.sites import PageKey, stored_address
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.ledger import Due

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from armcrawl.discovery.protocol import Discovery
    from armcrawl.items import Reading
    from armcrawl.store.base.database_worker import DatabaseWorker

logger = logging.getLogger(__name__)

NOT_MODIFIED = 304
# So many failures in a row are no bad luck: the site is down, and asking on would be rude.
MAX_FAILURES_IN_A_ROW = 20
# Holes in the ids are short: behind so many missing ones a page that we know must show that the site is still there.
MAX_MISSING_IN_A_ROW = 30
# One page may be closed to strangers; of so many it is the site that shuts us out.
MAX_BLOCKS_IN_A_ROW = 5


class CrawlSpider(SiteSpider):
    """Makes the ledger complete, newest first, within the run's budget."""

    failures_in_a_row = 0
    blocks_in_a_row = 0
    most_missing = MAX_MISSING_IN_A_ROW

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.missing_in_a_row: list[PageKey] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Configure the run, and how its pages are found; raises UsageError for what does not fit."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        _ = spider.discovery
        return spider

    @cached_property
    def discovery(self) -> Discovery:
        """How the pages of this site are found."""
        return kind_of(self.site)(self)

    @property
    def run(self) -> RunExtension:
        """The run that this spider carries out."""
        return run_of(self.crawler)

    @property
    def sections(self) -> Sequence[str]:
        """The names of the sections that the run is for."""
        return self.configuration.sections

    @property
    def server(self) -> str:
        """The address of the server that is really asked."""
        return self.configuration.origin.base_url

    @property
    def database(self) -> DatabaseWorker:
        """The ledger."""
        return self.run.database

    @property
    def is_over(self) -> bool:
        """Whether the run may ask no more."""
        return self.budget.spent is not None or self.run.failure is not None

    async def claim_origin(self) -> None:
        """Remember which server fills the database, now that it showed an article."""
        await self.run.claim_origin()

    def expect(self, number: int) -> None:
        """Tell how many pages the run is to ask for."""
        self.run.expected = number

    def count(self, name: str, number: int = 1) -> None:
        """Count something that `armcrawl.stats` names."""
        self.run.count(name, number)

    def give_up(self, sentence: str, error: str | None = None) -> None:
        """Fail the run, because of an error if there is one."""
        self.run.fail(sentence, error)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for what the discovery finds, or for the addresses of a list, within the budget."""
        goal = self.configuration.goal
        found = self.listed(goal.keys) if goal is not None and goal.keys else self.discovery.due(goal)
        async for one in found:
            if isinstance(one, Page):
                yield one
                continue
            if self.is_over:
                return
            await self.until_needed()
            yield self.request(
                stored_address(one.key, one.address),
                earlier=one.earlier,
                headers=conditions(one),
                callback=self.parse,
                errback=self.fail,
                cb_kwargs={"key": one.key, "has_failed": one.has_failed},
            )

    async def listed(self, pages: Mapping[PageKey, str]) -> AsyncIterator[Page | Due]:
        """Yield the pages of a list whose fate is not known."""
        unknown = await self.database.call(ledger.unknown_keys, list(pages))
        self.expect(len(unknown))
        for key in unknown:
            yield Due(key, address=pages[key])

    async def entry_addresses(self) -> list[str] | None:
        """Return what the home page and the listings link to; None, and a failed run, without a response."""
        sections = map(self.site.section, self.configuration.sections)
        listings = [section.listing for section in sections if section.listing]
        addresses: list[str] = []
        errors: list[Exception] = []
        entries = [self.site.home, *(self.site.home + path.lstrip("/") for path in listings)]
        for address in entries:
            try:
                reading = await self.entry(address)
            except NotSentError:
                return addresses
            except Exception as error:  # noqa: BLE001 - whatever the network did, the operator must hear of it
                self.is_unasked(error)
                if self.run.failure:
                    return None
                errors.append(error)
                continue
            addresses += map(self.configuration.origin.to_site, reading.addresses)
        if len(errors) < len(entries):
            return addresses
        self.give_up_entries(errors)
        return None

    def give_up_entries(self, errors: Sequence[Exception]) -> None:
        """Fail the run, as none of the entries could be read."""
        origin = self.configuration.origin.base_url
        if all(isinstance(error, RobotsForbiddenError) for error in errors):
            self.run.fail(f"{origin}/robots.txt forbids all that this run would ask for.")
        else:
            said = failure_sentence(errors[-1])
            self.run.fail(
                f"{origin} gave no usable answer ({said}): see whether the address is right, and the site is up.", said
            )

    async def entry(self, address: str) -> Reading:
        """Read a page that leads to articles; raises RefusedError for a response that is none."""
        response = await self.ask(address)
        reading = (await self.read(response)).reading
        refusal = refusal_of(self.site_response(response), reading)
        if refusal is not None:
            raise RefusedError(refusal)
        return reading

    async def fetch(self, key: PageKey, address: str | None = None) -> Page | None:
        """Ask for one page at once; None if the run may not ask, or has failed."""
        if self.run.failure:
            return None
        address = stored_address(key, address)
        try:
            response = await self.ask(address)
            page = await self.read_page(key, self.site_response(response))
        except Exception as error:  # noqa: BLE001 - whatever the network did, it is the page's outcome
            logger.info("%s: %s", key, failure_sentence(error))
            if self.is_unasked(error):
                return None
            page = failed_page(key, failure_sentence(error), clock.now(), address)
        self.watch(page, has_failed=False)
        return page

    async def parse(self, response: Response, key: PageKey, *, has_failed: bool) -> AsyncIterator[Page]:
        """Have a response read."""
        if response.status == NOT_MODIFIED and is_conditional(response.request):
            self.watch(page := unchanged_page(key, self.site_response(response)), has_failed=has_failed)
            yield page
            return
        try:
            page = await self.read_page(key, self.site_response(response))
        except NotSentError:
            return
        self.watch(page, has_failed=has_failed)
        if page.shows_article:
            await self.claim_origin()
        yield page
        await self.doubt(page)

    async def doubt(self, page: Page) -> None:
        """When all pages are missing, look whether one that we know is still there; if not, the site has moved."""
        if page.outcome not in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.missing_in_a_row.clear()
            self.most_missing = MAX_MISSING_IN_A_ROW
            return
        if self.run.doubtful:
            self.run.doubtful.append(page.key)
        self.missing_in_a_row.append(page.key)
        if len(self.missing_in_a_row) < self.most_missing or self.discovery.witness is None:
            return
        # A hole in the ids may be long: the longer it is, the less often we ask.
        self.most_missing *= 2
        witness = await self.fetch(self.discovery.witness)
        if witness is not None and witness.outcome in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.run.doubtful += self.missing_in_a_row
            number = len(self.missing_in_a_row)
            self.run.fail(
                f"{number} pages in a row are missing, and so is {self.discovery.witness}, which we hold: "
                "has the site moved? The next run asks for them again."
            )

    def fail(self, failure: Failure) -> Page | None:
        """Record a request that got no usable response."""
        error = failure.value
        if error is None or self.is_unasked(error):
            return None
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        key, address = request.cb_kwargs["key"], metadata_of(request).address
        page = failed_page(key, failure_sentence(error), clock.now(), address)
        self.watch(page, has_failed=request.cb_kwargs["has_failed"])
        return page

    def is_unasked(self, error: BaseException) -> bool:
        """Tell whether a page was not asked for at all, so that it has no attempt, and stays due.

        Whatever led elsewhere was asked for. So what is not is on the site's own server: without the rules of that
        the run ends.
        """
        if isinstance(error, RobotsUnreadableError) and not error.is_redirected:
            self.run.fail(f"{error}: see whether the address is right, and the site is up.")
        return isinstance(error, NotSentError) or (isinstance(error, RobotsError) and not error.is_redirected)

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
        if self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW or self.blocks_in_a_row >= MAX_BLOCKS_IN_A_ROW:
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
