"""A look around on a site that nobody has declared yet: a few requests, and nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace as with_fields
from scrapy import signals

from armcrawl.crawling.leads import Leads
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.drafting.looks import see_feed, see_page, see_sitemap
from armcrawl.discovery.drafting.survey import MAX_REQUESTS, Named, own_host, survey
from armcrawl.discovery.protocol import LeadError, RunOverError
from armcrawl.discovery.sighted.sitemap import MAX_SIZE
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.sites import Origin, Section, Site, host_of, site_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from armcrawl.discovery.drafting.looks import FeedSeen, PageSeen, SitemapSeen
    from armcrawl.discovery.drafting.survey import Survey
    from armcrawl.discovery.protocol import LeadResponse

T = TypeVar("T")

# A pattern that no page has: which pages are articles is what is to be found out.
NO_PAGES = "/-/{id:int}"


def unknown_site(host: str) -> Site:
    """Return a site of which nothing is known but its host."""
    return Site("draft", (host,), (Section("articles", (NO_PAGES,)),))


class SurveySpider(SiteSpider):
    """Looks around, and adds what it saw to `surveys`, or to `faults` why it saw nothing.

    `named` are the feeds, sitemaps and listings that are looked at first.
    """

    suffix = "-survey"
    own_arguments = frozenset({"surveys", "faults", "named"})

    # Scrapy makes attributes of a spider's arguments.
    surveys: list[Survey]
    faults: list[str]
    named: Named

    async def start(self) -> AsyncIterator[Any]:
        """Look around."""
        eyes = SpiderEyes(self)
        self.crawler.signals.connect(eyes.leads.note_robots, signal=signals.robots_parsed)
        try:
            self.surveys.append(await survey(eyes, await eyes.home(), self.named))
        except LeadError as error:
            self.faults.append(str(error))
        except RunOverError:
            self.faults.append("the look ended before the home page was seen")
        return
        yield  # makes this a generator, as Scrapy asks; nothing is yielded, so nothing is stored


class SpiderEyes:
    """Looks through a spider; the server is seen as the site that it calls itself, which `home` finds out."""

    def __init__(self, spider: SurveySpider) -> None:
        self.spider = spider
        self.leads = Leads(spider, lambda: self.left <= 0, lambda _: False)
        self.asked = self.origin = spider.configuration.origin

    @property
    def site(self) -> Site:
        """The site, as far as its hosts are known."""
        return self.origin.site

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return MAX_REQUESTS - self.spider.context.budget.sent

    @property
    def sitemaps(self) -> Sequence[str]:
        """The sitemaps that robots.txt names."""
        return list(map(self._own, self.leads.sitemaps))

    async def home(self) -> PageSeen:
        """Look at the home page, and see by which host the site calls itself: pages of a mirror link to the site's."""
        response = await self._ask(self.site.home, MAX_BODY)
        seen = await self._read(see_page, response)
        host = own_host(seen, self.leads.sitemaps, self.site.host)
        if host in self.site.all_hosts or site_of(f"https://{host}/") is not None:
            return seen
        self.origin = Origin.of(with_fields(self.site, hosts=(host, self.site.host)), self.asked.base_url)
        return await self._read(see_page, replace(response, address=self._own(response.address)))

    async def page(self, address: str) -> PageSeen:
        """Look at a page."""
        return await self._read(see_page, await self._ask(address, MAX_BODY))

    async def feed(self, address: str) -> FeedSeen:
        """Look at a feed."""
        return await self._read(see_feed, await self._ask(address, MAX_BODY))

    async def sitemap(self, address: str) -> SitemapSeen:
        """Look at a sitemap."""
        return await self._read(see_sitemap, await self._ask(address, MAX_SIZE))

    async def _ask(self, address: str, max_size: int) -> LeadResponse:
        try:
            asked = self.asked.to_site(self.origin.to_wire(address))
            response = await self.leads.ask(asked, {}, max_size, archived=False)
        except ValueError as error:
            raise LeadError("it is on another host") from error
        return replace(response, address=self._own(response.address))

    def _own(self, address: str) -> str:
        """Return the site's own address for one of the server's."""
        return (
            self.origin.to_site(self.asked.to_wire(address))
            if host_of(address) in self.asked.site.all_hosts
            else address
        )

    async def _read(self, function: Callable[[LeadResponse, Origin], T], response: LeadResponse) -> T:
        return await self.leads.work(function, response, self.origin)
