"""Captures of a web archive: what the site has deleted comes back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request

from armcrawl.archive.cdx import IndexEntry, WebArchive, came, entries_of, without_repeats
from armcrawl.archive.records import Exchange
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.request_metadata import META_KEY, RequestMetadata
from armcrawl.crawling.downloading.scrapy_responses import encoding_of, unpacked_body
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.crawling.site_spider import SiteSpider
from armcrawl.items import Outcome
from armcrawl.reading.response import SiteResponse
from armcrawl.settings import ITEM_PIPELINES
from armcrawl.sites import Origin, PageKey, identify, stored_address
from armcrawl.store.articles.imported_captures import known_captures, removed_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from armcrawl.crawling.configuration import RunConfiguration
    from armcrawl.items import Page, Record

# An index of a hundred thousand captures has 20 MB, and takes its time.
MAX_INDEX = 256 << 20
INDEX_SECONDS = 600
# The Internet Archive hands the site's own headers over under such names.
ORIGINAL = "x-archive-orig-"
# What they say of the body as the site sent it is not true of the body as the archive does.
OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


IMPORTING = {
    **{name: order for name, order in ITEM_PIPELINES.items() if name != "pipelines.store.StorePipeline"},
    "pipelines.store.ImportPipeline": 600,
}


class WaybackSpider(SiteSpider):
    """Asks a web archive for every capture of the site's articles that the database lacks."""

    suffix = "-wayback"
    own_arguments = frozenset({"archive_url"})
    # Pages come in any order.
    custom_settings = {"ITEM_PIPELINES": IMPORTING}  # noqa: RUF012 - as Scrapy has it

    def __init__(self, archive_url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.web_archive = WebArchive(archive_url.rstrip("/"))

    @classmethod
    def server_of(cls, configuration: RunConfiguration, arguments: dict[str, Any]) -> Origin:
        """Return the web archive: it is asked, not the site."""
        return Origin.of(configuration.site, arguments["archive_url"])

    async def start(self) -> AsyncIterator[Any]:
        """Read the index of each section, then ask for what is new, newest first."""
        wanted: list[tuple[PageKey, IndexEntry]] = []
        sections = map(self.site.section, self.configuration.sections)
        for prefix in dict.fromkeys(prefix for section in sections for prefix in section.prefixes):
            found = await self.index(prefix)
            if found is None:
                return
            wanted += found
        removed = await self.run.database.call(removed_pages, {key for key, _ in wanted})
        self.run.count("wayback/removed", sum(key in removed for key, _ in wanted))
        wanted = [(key, entry) for key, entry in wanted if key not in removed]
        known = await self.run.database.call(known_captures, {key for key, _ in wanted})
        new = [(key, entry) for key, entry in wanted if (key, entry.fetched_at) not in known]
        self.run.expected = len(new)
        self.run.count("wayback/known", len(wanted) - len(new))
        for key, entry in sorted(new, key=lambda pair: pair[1].timestamp, reverse=True):
            if self.context.budget.spent or self.run.failure:
                return
            await self.until_needed()
            yield self.asking(
                self.web_archive.capture_address(entry), self.parse, {"key": key, "entry": entry}, errback=self.fail
            )

    async def index(self, path: str) -> list[tuple[PageKey, IndexEntry]] | None:
        """Return the captures of a section's pages; None, and a failed run, without an index."""
        prefix = self.configuration.origin.to_wire(self.site.home.rstrip("/") + path)
        address = self.web_archive.index_address(prefix)
        try:
            request = self.asking(address, None, {})
            request.meta.update(download_maxsize=MAX_INDEX, download_timeout=INDEX_SECONDS)
            response = await self.fetch_now(request)
            if response.status != 200:
                self.run.fail(f"{self.web_archive.url} answers with status {response.status} instead of an index.")
                return None
            by_page: defaultdict[PageKey, list[IndexEntry]] = defaultdict(list)
            for entry in entries_of(unpacked_body(response, MAX_INDEX)):
                if entry is None:
                    self.run.count("wayback/impossible_time")
                    continue
                key = identify(self.configuration.origin.to_site(entry.url))
                if key is not None and key.site == self.site.name and key.section in self.configuration.sections:
                    by_page[key].append(entry)
        except NotSentError:
            return None
        except Exception as error:  # noqa: BLE001 - whatever the network did, the operator must hear of it
            self.run.fail(f"{self.web_archive.url} gave no index ({failure_sentence(error)}).", failure_sentence(error))
            return None
        return [(key, entry) for key, entries in by_page.items() for entry in without_repeats(entries)]

    async def parse(self, response: Response, key: PageKey, entry: IndexEntry) -> AsyncIterator[Page]:
        """Read a capture, and keep it."""
        # The archive may lead to another capture, which has its own time and address.
        capture = came(response.url, entry)
        if response.status != 200 or capture is None:
            self.run.count("pages/failed")
            return
        headers = original_headers(response)
        site_response = SiteResponse(
            address=self.configuration.origin.to_site(capture.url),
            status=200,
            fetched_at=capture.fetched_at,
            body=response.body,
            content_type=headers.get("content-type"),
            content_encoding=encoding_of(response),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            requested=self.configuration.origin.to_site(entry.url),
        )
        try:
            page = await self.read_page(key, site_response)
        except NotSentError:
            return
        if page.outcome in {Outcome.FAILED, Outcome.MISSING}:
            # That it was not there once says nothing of today.
            self.run.count(f"pages/{page.outcome}")
            return
        yield replace(page, record=await self.kept(key, capture, site_response, headers))

    async def kept(
        self, key: PageKey, entry: IndexEntry, site_response: SiteResponse, headers: dict[str, str]
    ) -> Record | None:
        """Write a capture into our archive as the site's own response of that time, packed as it came to us."""
        if self.run.archive is None:
            return None
        packed = (("content-encoding", site_response.content_encoding),) if site_response.content_encoding else ()
        exchange = Exchange(
            url=entry.url,
            fetched_at=entry.fetched_at,
            request_headers=(),
            status=site_response.status,
            protocol="HTTP/1.1",
            headers=(*((name, value) for name, value in headers.items() if name not in OF_THE_WIRE), *packed),
            body=site_response.body,
            address=stored_address(key, site_response.address),
        )
        return await self.run.archive.write(exchange)

    def fail(self, failure: Failure) -> None:
        """Count a capture that could not be fetched: the next run asks for it again."""
        if not isinstance(failure.value, NotSentError):
            self.run.count("pages/failed")
            self.run.last_error = failure_sentence(failure.value) if failure.value else None

    def asking(self, address: str, callback: Any, arguments: dict[str, Any], errback: Any = None) -> Request:
        """Return a request to the web archive."""
        meta = {META_KEY: RequestMetadata(archived=False)}
        return Request(address, callback=callback, errback=errback, cb_kwargs=arguments, meta=meta, dont_filter=True)


def original_headers(response: Response) -> dict[str, str]:
    """Return the headers that the site itself had sent, as far as the web archive tells."""
    sent = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    kept = {name.removeprefix(ORIGINAL): value for name, value in sent.items() if name.startswith(ORIGINAL)}
    plain = ("content-type", "etag", "last-modified")
    return {name: sent[name] for name in plain if name in sent} | kept
