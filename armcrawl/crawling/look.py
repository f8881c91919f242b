"""A look at some pages of a site: they are fetched and read, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.crawling.budget import NotSentError
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.scrapy_responses import header_of
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.discovery.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from armcrawl.reading.response import SiteResponse
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

    @property
    def response(self) -> SiteResponse | None:
        """What was answered, unpacked."""
        return self.understood.response if self.understood is not None else None

    @property
    def addresses(self) -> tuple[str, ...]:
        """What the page links to."""
        return self.understood.reading.addresses if self.understood is not None else ()


class LookSpider(SiteSpider):
    """Reads the given addresses, or pages spread over every section, and adds what it saw to `looks`."""

    suffix = "-look"
    own_arguments = frozenset({"addresses", "pages", "looks"})

    def __init__(self, addresses: Sequence[str], pages: int, looks: list[Look], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.addresses = addresses
        self.pages = pages
        self.looks = looks

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
        linked = [self.configuration.origin.to_site(address) for address in front.addresses]
        sample = kind_of(self.site).sample(self.site, self.configuration.sections, linked, self.pages)
        if not sample:
            self.looks.append(
                Look(front.address, front.asked, front.fetched_at, error="the home page links to no article")
            )
        return sample
