"""What every spider of ours can do: ask a site's address politely, and have the response read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from armcrawl.crawling.budget import Budget
from armcrawl.crawling.configuration import RunConfiguration, configure, settings_for, value_of
from armcrawl.crawling.context import RunContext, hand_over
from armcrawl.crawling.downloading.certificates import verify_certificates
from armcrawl.crawling.downloading.failures import unreadable_because
from armcrawl.crawling.downloading.politeness import apply_politeness
from armcrawl.crawling.downloading.request_metadata import META_KEY, RequestMetadata
from armcrawl.crawling.downloading.scrapy_responses import site_response_of
from armcrawl.crawling.run_extension import RunExtension, run_of
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.discovery.goal import NAMES
from armcrawl.errors import UsageError
from armcrawl.options import OF_RUN
from armcrawl.reading.response import unread_page
from armcrawl.refining.pages import page_to_store, understand

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from armcrawl.archive.records import Earlier
    from armcrawl.items import Announced, Page
    from armcrawl.reading.response import SiteResponse
    from armcrawl.refining.pages import Understood
    from armcrawl.sites import Origin, PageKey, Site

# What `scrapy crawl -a name=value` may set, beside the settings of the same names.
ARGUMENTS = {option.name: option.setting for option in OF_RUN} | {name: f"ARMCRAWL_{name.upper()}" for name in NAMES}


class SiteSpider(Spider):
    """A spider of one site, with its origin, its budget and its reader."""

    site: ClassVar[Site]
    suffix: ClassVar[str] = ""
    own_arguments: ClassVar[frozenset[str]] = frozenset()
    context: RunContext

    @classmethod
    def of(cls, site: Site) -> type[Self]:
        """Return this spider for a site."""
        return type(cls.__name__, (cls,), {"name": site.name + cls.suffix, "site": site})

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Configure the run from settings and arguments; raises UsageError for what does not fit."""
        configuration = cls.configure_run(crawler.settings, kwargs)
        spider = super().from_crawler(crawler, *args, **kwargs)
        budget = Budget(configuration.max_requests, configuration.max_time)
        spider.context = RunContext(configuration, cls.server_of(configuration, kwargs), budget)
        hand_over(crawler, spider.context)
        return spider

    @property
    def configuration(self) -> RunConfiguration:
        """What the run is told to do."""
        return self.context.configuration

    @property
    def run(self) -> RunExtension:
        """The run that this spider carries out."""
        return run_of(self.crawler)

    @classmethod
    def configure_run(cls, settings: BaseSettings, arguments: dict[str, Any]) -> RunConfiguration:
        """Take a run's arguments over into its settings, and return what they mean; raises UsageError."""
        for option in OF_RUN:
            # `-s ARMCRAWL_DELAY=5` means what the variable of this name does.
            own = option.variable if option.variable != option.setting else ""
            if text := arguments.pop(option.name, None) or settings.get(own):
                settings.setdict(settings_for({option.name: value_of(option, text)}), "cmdline")
        for name in [name for name in arguments if name in ARGUMENTS]:
            settings.set(ARGUMENTS[name], arguments.pop(name), "cmdline")
        unknown = sorted(arguments.keys() - cls.own_arguments)
        if unknown:
            raise UsageError(f"{cls.name} has no argument {unknown[0]!r}: its arguments are {', '.join(ARGUMENTS)}.")
        for name, value in settings_for(cls.site.options).items():
            settings.set(name, value, "project")
        configuration = configure(cls.site, settings)
        server = cls.server_of(configuration, arguments)
        apply_politeness(settings, server, impolite=configuration.impolite)
        verify_certificates(settings, server, insecure=configuration.insecure)
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
        meta = {META_KEY: RequestMetadata(address, earlier)}
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

    async def read(self, response: Response) -> Understood:
        """Have a response read.

        Raises UndecodableError for one that cannot be unpacked, WorkerCrashError for a page that kills its reader, and
        NotSentError if the run ends before it is read.
        """
        site_response = self.site_response(response)
        requested = site_response.requested or site_response.address
        return await self.context.shutdown.guard(
            self.context.reader.call(understand, site_response, requested, self.configuration.origin)
        )

    async def read_page(self, key: PageKey, site_response: SiteResponse) -> Page:
        """Have a response read and refined; what its reader cannot cope with is quarantined with its bytes.

        Raises NotSentError if the run ends before it is read.
        """
        told = (self.configuration.origin, await self.announced(key))
        try:
            reading = self.context.reader.call(page_to_store, key, site_response, *told)
            return await self.context.shutdown.guard(reading)
        except NotSentError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the reader did, the page and its bytes are kept
            return unread_page(key, site_response, unreadable_because(error))

    async def announced(self, key: PageKey) -> Announced | None:
        """Return what is known of a page before it is read; nothing where no ledger is asked."""
        del key
        return None

    def site_response(self, response: Response) -> SiteResponse:
        """Return a response as the site itself would have given it."""
        return site_response_of(response, self.configuration.origin)

    async def closed(self, reason: str) -> None:
        """End the reader with the spider."""
        del reason
        await self.context.reader.close()
