"""What every spider of ours can do: ask a site's address politely, and have the answer read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from armcrawl.errors import UsageError
from armcrawl.reading.answer import read_answer
from armcrawl.refining import STAGES
from armcrawl.refining.pages import refined_page
from armcrawl.runs.archiving import ADDRESS, EARLIER
from armcrawl.runs.budget import Budget
from armcrawl.runs.configuration import RunConfiguration, configure
from armcrawl.runs.ending import Ending
from armcrawl.runs.politeness import apply_politeness
from armcrawl.spiders.answers import answer_of
from armcrawl.worker import Worker

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from armcrawl.addresses import Origin, PageKey, Site
    from armcrawl.archive.records import Earlier
    from armcrawl.items import Page, Reading
    from armcrawl.reading.answer import Answer

logger = logging.getLogger(__name__)

# What `scrapy crawl -a name=value` may set, beside the settings of the same names.
ARGUMENTS = (
    *("base_url", "database", "sections", "max_requests", "max_seconds", "mixed_origin", "impolite", "trust_clock"),
    *("archive", "no_archive", "report", "metrics", "on_failure"),
    *("ids", "from", "to", "urls", "all"),
)


class SiteSpider(Spider):
    """A spider of one site, with its origin, its budget and its reader."""

    site: ClassVar[Site]
    own_arguments: ClassVar[frozenset[str]] = frozenset()
    configuration: RunConfiguration
    server: Origin
    budget: Budget
    reader: Worker
    ending: Ending

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Configure the run from settings and arguments; raises UsageError for what does not fit."""
        configuration = cls.configure_run(crawler.settings, kwargs)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.configuration = configuration
        spider.server = cls.server_of(configuration, kwargs)
        spider.budget = Budget(spider.configuration.max_requests, spider.configuration.max_seconds)
        spider.reader = Worker()
        spider.ending = Ending()
        return spider

    @classmethod
    def configure_run(cls, settings: BaseSettings, arguments: dict[str, Any]) -> RunConfiguration:
        """Take a run's arguments over into its settings, and return what they mean; raises UsageError."""
        for name in [name for name in arguments if name in ARGUMENTS]:
            settings.set(f"ARMCRAWL_{name.upper()}", arguments.pop(name), "cmdline")
        unknown = sorted(arguments.keys() - cls.own_arguments)
        if unknown:
            raise UsageError(f"{cls.name} has no argument {unknown[0]!r}: its arguments are {', '.join(ARGUMENTS)}.")
        configuration = configure(cls.site.name, settings)
        apply_politeness(settings, cls.server_of(configuration, arguments), impolite=configuration.impolite)
        return configuration

    @classmethod
    def server_of(cls, configuration: RunConfiguration, arguments: dict[str, Any]) -> Origin:
        """Return the server that is asked: the site, or what stands in for it."""
        del arguments
        return configuration.origin

    def request(self, address: str, *, earlier: Earlier | None = None, **options: Any) -> Request:
        """Return the request for one of the site's addresses, wherever it is really fetched from.

        `earlier` is the archived capture of the same page, if there is one.
        """
        meta = {ADDRESS: address, EARLIER: earlier}
        return Request(self.configuration.origin.to_wire(address), meta=meta, **options)

    async def ask(self, address: str) -> Response:
        """Fetch an address at once; raises what the downloader raises."""
        return await self.fetch_now(self.request(address))

    async def fetch_now(self, request: Request) -> Response:
        """Send a request at once; raises what the downloader raises."""
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("a spider can ask only while it runs")
        return await engine.download_async(request)

    async def until_needed(self) -> None:
        """Wait until the downloader has room, so that a long archive never piles up in memory."""
        engine = self.crawler.engine
        if engine is not None and engine.needs_backout():
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def read(self, response: Response) -> Reading:
        """Have an answer read.

        Raises WorkerCrashError for a page that kills its reader, and NotSentError if the run ends before it is read.
        """
        requested = response.meta[ADDRESS]
        return await self.ending.guard(
            self.reader.call(read_answer, self.answer(response), requested, self.configuration.origin)
        )

    async def read_page(self, key: PageKey, response: Response) -> Page:
        """Have the answer for a page read and refined; raises the same.

        All in the reader's process: the dictionary that it takes would hold up the event loop, and is large.
        """
        page = await self.ending.guard(
            self.reader.call(refined_page, key, self.answer(response), self.configuration.origin)
        )
        if page.stage in STAGES:
            logger.error("%s: %s", page.key, page.reason)
        return page

    def answer(self, response: Response) -> Answer:
        """Return an answer as the site itself would have given it."""
        return answer_of(response, self.configuration.origin)

    async def closed(self, reason: str) -> None:
        """End the reader with the spider."""
        del reason
        await self.reader.close()
