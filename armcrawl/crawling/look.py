"""A look at some pages of a site: they are fetched and read, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.scrapy_responses import header_of
from armcrawl.crawling.leads import Leads
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.kinds import plan_of
from armcrawl.discovery.protocol import LeadError, RunOverError
from armcrawl.discovery.sighted.feed import Feed, read_feed
from armcrawl.discovery.sighted.sitemap import MAX_SIZE, Sitemap, read_sitemap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from armcrawl.discovery.protocol import LeadResponse
    from armcrawl.discovery.sighted.feed import FeedPage
    from armcrawl.discovery.sighted.sitemap import SitemapFile
    from armcrawl.refining.pages import Understood
    from armcrawl.sites import Origin
    from armcrawl.sites.site import DiscoveryDeclaration

# What shows articles in files of its own, and where these usually are.
FILES = {Feed.kind: Feed.usual, Sitemap.kind: Sitemap.usual}


@dataclass(frozen=True, slots=True)
class Look:
    """One page that was looked at, or why it could not be: `asked` is where, `address` the site's own for it."""

    address: str
    asked: str
    fetched_at: datetime
    understood: Understood | None = None
    error: str | None = None
    server_time: str | None = None


class LookSpider(SiteSpider):
    """Reads the given addresses, or pages spread over every section, and adds what it saw to `looks`."""

    suffix = "-look"
    own_arguments = frozenset({"addresses", "pages", "looks"})

    # Scrapy makes attributes of a spider's arguments.
    addresses: Sequence[str]
    pages: int
    looks: list[Look]

    async def start(self) -> AsyncIterator[Any]:
        """Look at each page in turn."""
        for address in self.addresses or await self.spread():
            self.looks.append(await self.look(address))
        return
        yield  # makes this a generator, as Scrapy asks; nothing is yielded, so nothing is stored

    async def look(self, address: str) -> Look:
        """Fetch and read one page."""
        now, asked = clock.now(), self.configuration.origin.to_wire(address)
        try:
            response = await self.ask(address)
            understood = await self.read(response)
        except NotSentError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network did, the table shows it
            return Look(address, asked, now, error=failure_sentence(error))
        return Look(address, asked, now, understood, server_time=header_of(response, "Date"))

    async def spread(self) -> list[str]:
        """Return addresses of pages spread over the site, by whatever a crawl would read of what leads to them."""
        sections, plan = self.configuration.sections, plan_of(self.site)
        front = await self.look(self.site.home)
        linked = self._linked(front)
        sample = plan.sample(sections, linked, self.pages)
        for path in self._listings() if len(sample) < self.pages else ():
            linked += self._linked(await self.look(self.site.home + path.lstrip("/")))
            sample = plan.sample(sections, linked, self.pages)
            if len(sample) >= self.pages:
                break
        if not sample:
            sample = plan.sample(sections, await FileEyes(self).shown(), self.pages)
        if not sample:
            others = "".join(f", nor does a {kind}" for kind in self._others())
            said = front.error or f"the home page links to no article{others}"
            self.looks.append(replace(front, understood=None, error=said))
        return sample

    def _linked(self, look: Look) -> list[str]:
        shown = look.understood.reading.addresses if look.understood is not None else ()
        return [self.configuration.origin.to_site(address) for address in shown]

    def _listings(self) -> list[str]:
        """Return the paths of listings: of the sections, and where a listing is declared to begin."""
        found = [self.site.section(name).listing for name in self.configuration.sections]
        found += [path for one in self.site.discoveries if one.kind == "listing" for path in starts_of(one)]
        return [path for path in dict.fromkeys(found) if path is not None]

    def _others(self) -> list[str]:
        """Return what was looked at beside the home page."""
        kinds = [one.kind for one in self.site.discoveries if one.kind in FILES]
        return ["listing"] * bool(self._listings()) + kinds


def starts_of(declared: DiscoveryDeclaration) -> tuple[str, ...]:
    """Return the paths where sources are declared to begin."""
    return tuple(declared.options.get("start", ()))


class FileEyes:
    """Reads the feeds and sitemaps of a site, as a crawl does, for a look that stores nothing."""

    def __init__(self, spider: LookSpider) -> None:
        self.spider = spider
        self.leads = Leads(spider, lambda: False, lambda _: False)

    async def shown(self) -> list[str]:
        """Return the addresses that the first feed or sitemap shows which can be read."""
        for declared in self.spider.site.discoveries:
            for path in starts_of(declared) or FILES.get(declared.kind, ()):
                found = await self._shown_by(declared.kind, self.spider.site.home + path.lstrip("/"))
                if found:
                    return found
        return []

    async def _shown_by(self, kind: str, address: str, *, is_inner: bool = False) -> list[str]:
        if kind not in FILES:
            return []
        read: Callable[[LeadResponse, Origin, Sequence[str]], FeedPage | SitemapFile]
        read = read_feed if kind == Feed.kind else read_sitemap
        origin, sections = self.spider.configuration.origin, self.spider.configuration.sections
        try:
            response = await self.leads.ask(address, {}, MAX_SIZE, archived=False)
            file: FeedPage | SitemapFile = await self.leads.work(read, response, origin, sections)
        except (LeadError, RunOverError):
            return []
        found = [one.address or "" for one in file.sightings]
        files = getattr(file, "files", ())
        # Of an index the file that was changed last tells enough.
        return found or (await self._shown_by(kind, files[0][0], is_inner=True) if files and not is_inner else [])
