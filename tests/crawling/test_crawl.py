"""What the spider makes of answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from armcrawl.crawling.budget import Budget
from armcrawl.crawling.configuration import configure
from armcrawl.crawling.context import RunContext
from armcrawl.crawling.crawl_spider import CrawlSpider
from armcrawl.items import Outcome
from armcrawl.processes.worker import WorkerCrashError
from armcrawl.sites import site_named
from tests.store.conftest import key

if TYPE_CHECKING:
    from armcrawl.items import Page
    from armcrawl.sites import PageKey


class BadReader:
    """A reader that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def call(self, *arguments: object) -> Page:
        del arguments
        raise self.error


class WithoutLedger(CrawlSpider):
    """A spider that no source has told anything."""

    async def announced(self, key: PageKey) -> None:
        del key


def spider_with(error: Exception) -> CrawlSpider:
    """Return a spider whose reader fails."""
    spider = WithoutLedger.of(site_named("armtorg"))()
    configuration = configure("armtorg", {})
    reader: Any = BadReader(error)
    spider.context = RunContext(configuration, configuration.origin, Budget(0, 0), reader=reader)
    return spider


async def pages(spider: CrawlSpider, response: HtmlResponse) -> list[Page]:
    return [page async for page in spider.parse(response, key(), has_failed=False)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (WorkerCrashError("exit status -9"), "the page crashes its reader"),
        (ValueError("нет"), "the reader failed: Value: нет"),
    ],
)
def test_a_page_that_its_reader_cannot_cope_with_is_quarantined_with_its_bytes(error: Exception, reason: str) -> None:
    request = Request("https://armtorg.ru/news/9911")
    response = HtmlResponse(request.url, body=b"<p>\xd0", headers={"Content-Type": "text/html"}, request=request)
    (page,) = asyncio.run(pages(spider_with(error), response))
    assert (page.outcome, page.stage, page.reason) == (Outcome.QUARANTINED, "reading", reason)
    assert (page.body, page.http_status, page.content_type) == (b"<p>\xd0", 200, "text/html")
