"""Asking for what leads to articles: listings, feeds and sitemaps, politely and bounded, as a discovery wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.downloading.robots import RobotsForbiddenError
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.discovery.protocol import LeadError, LeadResponse, RunOverError
from armcrawl.items import NotAnArticle, Reason
from armcrawl.processes.worker import WorkerCrashError
from armcrawl.reading.decoding import UndecodableError, unpack
from armcrawl.reading.response import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from armcrawl.crawling.site_spider import SiteSpider

P = ParamSpec("P")
T = TypeVar("T")

OK, NOT_MODIFIED = 200, 304
MAX_CRASH_LENGTH = 200


class Leads:
    """Asks for leads through a spider; `sitemaps` are those that the robots.txt files name which were read so far.

    `is_over` tells whether the run may ask no more, `is_unasked` whether an error means that nothing was asked for.
    """

    def __init__(
        self, spider: SiteSpider, is_over: Callable[[], bool], is_unasked: Callable[[BaseException], bool]
    ) -> None:
        self.spider = spider
        self.is_over = is_over
        self.is_unasked = is_unasked
        self.sitemaps: list[str] = []

    def note_robots(self, robotparser: RobotParser) -> None:
        """Take note of the sitemaps that a robots.txt names."""
        rules = getattr(robotparser, "rp", None)
        self.sitemaps += list(getattr(rules, "sitemaps", ()))

    async def ask(self, address: str, conditions: Mapping[str, str], max_size: int, *, archived: bool) -> LeadResponse:
        """Ask for a lead; raises LeadError with what is wrong, and RunOverError if the run may not ask."""
        if self.is_over():
            raise RunOverError
        try:
            request = self.spider.request(address, headers=dict(conditions))
            request.meta["download_maxsize"] = max_size
            metadata_of(request).archived = archived
            response = await self.spider.fetch_now(request)
            return await self._response(response, max_size)
        except RobotsForbiddenError as error:
            raise LeadError("robots.txt forbids it") from error
        except NotSentError as error:
            raise RunOverError from error
        except (LeadError, RunOverError):
            raise
        except Exception as error:
            if self.is_unasked(error):
                raise RunOverError from error
            raise LeadError(failure_sentence(error)) from error

    async def _response(self, response: Response, max_size: int) -> LeadResponse:
        found = self.spider.site_response(response)
        told = (found.content_type, found.etag, found.last_modified)
        if found.status == NOT_MODIFIED:
            return LeadResponse(found.address, found.fetched_at, b"", *told, is_unchanged=True)
        try:
            body = unpack(found.body, found.content_encoding, max_size).body
        except UndecodableError as error:
            raise LeadError(str(error)) from error
        if found.status != OK or _is_html(found.content_type, body):
            await self._refuse_walls(response)
        return LeadResponse(found.address, found.fetched_at, body, *told)

    async def _refuse_walls(self, response: Response) -> None:
        """Raise LeadError for a response that is an error, a wall before the site, or says that the page is missing."""
        reading = (await self.spider.read(response)).reading
        result = reading.result
        refusal = refusal_of(self.spider.site_response(response), reading)
        # A page without a text of its own may still be a listing, or wait for its scripts.
        is_empty = isinstance(result, NotAnArticle) and result.reason is Reason.EMPTY
        if response.status != OK:
            raise LeadError(refusal or f"status {response.status}", response.status)
        if refusal is not None and not is_empty:
            is_missing = isinstance(result, NotAnArticle) and result.reason is Reason.MISSING
            raise LeadError(refusal, 404 if is_missing else response.status)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function makes of a lead, in the process that reads pages: a stranger's bytes may kill it."""
        context = self.spider.context
        try:
            return await context.shutdown.guard(context.reader.call(function, *args, **kwargs))
        except NotSentError as error:
            raise RunOverError from error
        except LeadError:
            raise
        except WorkerCrashError as error:
            raise LeadError("it is more than its reader can cope with") from error
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:MAX_CRASH_LENGTH]
            raise LeadError(f"its reader failed: {said}") from error


def _is_html(content_type: str | None, body: bytes) -> bool:
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or "html" in (content_type or "").lower()
