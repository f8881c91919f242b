"""The one spider: it asks for what a site's discovery finds, and gives up when the site does not answer."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from scrapy import signals

from armcrawl import clock
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.downloading.robots import RobotsError, RobotsForbiddenError, RobotsUnreadableError
from armcrawl.crawling.downloading.scrapy_responses import RefusedError
from armcrawl.crawling.leads import Leads
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.kinds import plan_of
from armcrawl.errors import DatabaseError
from armcrawl.items import Outcome, Page, Reason
from armcrawl.reading.response import failed_page, last_modified_of, refusal_of, unchanged_page
from armcrawl.sites import PageKey, stored_address
from armcrawl.sites.site import COUNTED
from armcrawl.store.ledger import ledger, sightings, walks
from armcrawl.store.ledger.walks import SourcePage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from armcrawl.discovery.protocol import Discovery, LeadResponse
    from armcrawl.discovery.united import United
    from armcrawl.items import Announced
    from armcrawl.sites import Origin

P = ParamSpec("P")
T = TypeVar("T")

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
    discovery: Discovery | United

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.missing_in_a_row: list[PageKey] = []
        self.leads = Leads(self, lambda: self.is_over, self.is_unasked)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Configure the run, and how its pages are found; raises UsageError for what does not fit."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.discovery = plan_of(spider.site).begin(spider)
        # Signals hold what they call by a weak reference: `leads` is the spider's.
        crawler.signals.connect(spider.leads.note_robots, signal=signals.robots_parsed)
        return spider

    @property
    def sections(self) -> Sequence[str]:
        """The names of the sections that the run is for."""
        return self.configuration.sections

    @property
    def server(self) -> str:
        """The address of the server that is really asked."""
        return self.configuration.origin.base_url

    @property
    def max_requests(self) -> int:
        """The requests that the run may send; 0 for no limit."""
        return self.configuration.max_requests

    @property
    def is_over(self) -> bool:
        """Whether the run may ask no more."""
        return self.context.budget.spent is not None or self.run.failure is not None

    @property
    def origin(self) -> Origin:
        """The server that is really asked."""
        return self.configuration.origin

    @property
    def sitemaps(self) -> Sequence[str]:
        """The addresses of sitemaps that the robots.txt files name which were read so far."""
        return self.leads.sitemaps

    async def ask_lead(
        self, address: str, conditions: Mapping[str, str], max_size: int, *, archived: bool = True
    ) -> LeadResponse:
        """Ask for what leads to articles; raises LeadError, and RunOverError if the run may not ask."""
        return await self.leads.ask(address, conditions, max_size, archived=archived)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function makes of a lead, in the process that reads pages; raises as ask_lead does."""
        return await self.leads.work(function, *args, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for what the discovery finds, or for the addresses of a list, within the budget."""
        if not self.site.verified and not await self.run.database.call(ledger.has_pages, self.site.name):
            logger.warning(
                "The pages of %s were never seen when it was declared: `armcrawl trial %s` shows how they are read.",
                *(self.site.name, self.site.name),
            )
        goal = self.configuration.goal
        found = self.listed(goal.keys) if goal is not None and goal.keys else self.discovery.due(goal)
        async for one in found:
            if isinstance(one, Page):
                yield one
                await self.doubt(one)
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

    async def listed(self, pages: Mapping[PageKey, str]) -> AsyncIterator[Page | ledger.Due]:
        """Yield the pages of a list whose fate is not known."""
        unknown = await self.run.database.call(ledger.unknown_keys, list(pages))
        self.run.expected = len(unknown)
        for key in unknown:
            yield ledger.Due(key, address=pages[key])

    async def entry_addresses(self) -> list[str] | None:
        """Return what the home page and the listings link to; None, and a failed run, without a response."""
        sections = map(self.site.section, self.configuration.sections)
        listings = [section.listing for section in sections if section.listing]
        addresses: list[str] = []
        errors: list[Exception] = []
        entries = [self.site.home, *(self.site.home + path.lstrip("/") for path in listings)]
        known = await self.run.database.call(walks.pages_of, self.site.name, walks.ENTRY)
        for address in entries:
            try:
                addresses += await self.entry(address, known.get(address))
            except NotSentError:
                return addresses
            except Exception as error:  # noqa: BLE001 - whatever the network did, the operator must hear of it
                self.is_unasked(error)
                if self.run.failure:
                    return None
                errors.append(error)
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

    async def entry(self, address: str, known: SourcePage | None) -> list[str]:
        """Return what a page links to that leads to articles, asked for only if it is not as it is `known`.

        Raises RefusedError for a response that is no such page.
        """
        response = await self.fetch_now(self.request(address, headers=conditions(known) if known is not None else {}))
        if known is not None and response.status == NOT_MODIFIED and is_conditional(response.request):
            return (known.links or "").splitlines()
        reading = (await self.read(response)).reading
        found = self.site_response(response)
        refusal = refusal_of(found, reading)
        if refusal is not None:
            raise RefusedError(refusal)
        linked = list(map(self.configuration.origin.to_site, reading.addresses))
        # Only articles count; a page without validators is read every night anyway.
        links = "\n".join(one for one in dict.fromkeys(linked) if self.site.identify(one) is not None)
        page = SourcePage(address, found.fetched_at, found.etag, last_modified_of(found), links=links)
        if known is not None or page.etag or page.last_modified:
            await self.run.database.call(walks.note_entry, self.site.name, page)
        return linked

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
            return self.failed(key, error, address, has_failed=False)
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
            await self.run.claim_origin()
        yield page
        await self.doubt(page)

    async def doubt(self, page: Page) -> None:
        """When all pages are missing, look whether one that we know is still there; if not, the site has moved."""
        if page.outcome not in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.missing_in_a_row.clear()
            self.most_missing = MAX_MISSING_IN_A_ROW
            return
        if self.has_sources:
            self.run.without_article = page.reason
            self.run.count("discovery/without_text", int((page.reason or "").startswith(Reason.EMPTY)))
        if self.run.doubtful:
            self.run.doubtful.append(page.key)
        self.missing_in_a_row.append(page.key)
        if len(self.missing_in_a_row) < self.most_missing or self.discovery.witness is None:
            return
        # A hole in the ids may be long: the longer it is, the less often we ask.
        self.most_missing *= 2
        known = self.discovery.witness
        witness = await self.fetch(known.key, known.address)
        if witness is not None and witness.outcome in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
            self.run.doubtful += self.missing_in_a_row
            number = len(self.missing_in_a_row)
            self.run.fail(
                f"{number} pages in a row are missing, and so is {known.key}, which we hold: "
                "has the site moved? The next run asks for them again."
            )

    @cached_property
    def has_sources(self) -> bool:
        """Whether pages of the site are announced; ids that are counted tell nothing of theirs."""
        return any(one.kind != COUNTED for one in self.site.discoveries)

    async def announced(self, key: PageKey) -> Announced | None:
        """Return what listings, feeds and sitemaps say of a page: it is a witness when that is read."""
        if not self.has_sources:
            return None
        try:
            return (await self.run.database.call(sightings.announced, [key])).get(key)
        except DatabaseError as error:
            self.run.fail(str(error))
            return None

    def fail(self, failure: Failure) -> Page | None:
        """Record a request that got no usable response."""
        error = failure.value
        if error is None:
            return None
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        return self.failed(error=error, address=metadata_of(request).address, **request.cb_kwargs)

    def failed(self, key: PageKey, error: BaseException, address: str | None, *, has_failed: bool) -> Page | None:
        """Return the page of a request that failed; None where it was not sent at all."""
        if self.is_unasked(error):
            return None
        page = failed_page(key, failure_sentence(error), clock.now(), address)
        self.watch(page, has_failed=has_failed)
        return page

    def is_unasked(self, error: BaseException) -> bool:
        """Tell whether a page was not asked for at all, so that it has no attempt, and stays due.

        Whatever led elsewhere was asked for. So what is not is on the site's own server: without the rules of that
        the run ends. Where each page has a server of its own, that is the failure of this page alone.
        """
        is_robots = isinstance(error, RobotsError) and not error.is_redirected and not self.site.is_any
        if is_robots and isinstance(error, RobotsUnreadableError):
            self.run.fail(f"{error}: see whether the address is right, and the site is up.")
        return is_robots or isinstance(error, NotSentError)

    def watch(self, page: Page, *, has_failed: bool) -> None:
        """Give the run up when the site does not answer any more.

        A page that has failed before says nothing of the site when it fails again, nor does one on a server of its own.
        """
        if page.outcome is not Outcome.FAILED:
            self.failures_in_a_row = self.blocks_in_a_row = 0
            return
        if has_failed:
            return
        self.run.last_error = page.reason
        if self.site.is_any:
            return
        self.failures_in_a_row += 1
        is_block = (page.reason or "").startswith(Reason.BLOCKED)
        self.blocks_in_a_row = self.blocks_in_a_row + 1 if is_block else 0
        if self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW or self.blocks_in_a_row >= MAX_BLOCKS_IN_A_ROW:
            self.run.fail(
                f"{self.failures_in_a_row} pages in a row failed ({page.reason}): the next run tries them again.",
                page.reason,
            )


def conditions(due: ledger.Due | SourcePage) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed since we last had it."""
    wanted = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
    return {name: value for name, value in wanted.items() if value}


def is_conditional(request: Request | None) -> bool:
    """Tell whether a request asked for a page only if it changed."""
    return request is not None and any(name in request.headers for name in ("If-None-Match", "If-Modified-Since"))
