"""A look at some pages of a site: they are fetched and read, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.scrapy_responses import header_of
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.kinds import plan_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from armcrawl.refining.pages import Understood


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
        """Return addresses of pages spread over the site."""
        front = await self.look(self.site.home)
        if front.understood is None:
            self.looks.append(front)
            return []
        sections, plan = self.configuration.sections, plan_of(self.site)
        linked = [self.configuration.origin.to_site(address) for address in front.understood.reading.addresses]
        sample = plan.sample(sections, linked, self.pages)
        listings = [listing for name in sections if (listing := self.site.section(name).listing) is not None]
        for path in listings if plan.sources and len(sample) < self.pages else ():
            look = await self.look(self.site.home + path.lstrip("/"))
            shown = look.understood.reading.addresses if look.understood is not None else ()
            linked += map(self.configuration.origin.to_site, shown)
            sample = plan.sample(sections, linked, self.pages)
        if not sample:
            where = "neither the home page nor a listing" if plan.sources and listings else "the home page"
            said = f"{where} links to an article" if where.startswith("neither") else f"{where} links to no article"
            self.looks.append(Look(front.address, front.asked, front.fetched_at, error=said))
        return sample
