"""What the spider makes of answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.http import HtmlResponse

from armcrawl.crawling.crawl_spider import CrawlSpider
from armcrawl.items import Outcome
from armcrawl.processes.worker import WorkerCrashError
from armcrawl.reading.response import SiteResponse
from armcrawl.sites import site_named
from tests.conftest import FETCHED_AT
from tests.store.conftest import key

if TYPE_CHECKING:
    from armcrawl.items import Page


class SpiderWithBadReader(CrawlSpider.of(site_named("armtorg"))):  # type: ignore[misc]  # made of a declaration
    """Its reader fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def refined(self, key: Any, answer: Any) -> Any:
        del key, answer
        raise self.error

    def answer(self, response: Any) -> SiteResponse:
        return SiteResponse(response.url, response.status, FETCHED_AT, response.body, "text/html")


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
    response = HtmlResponse("https://armtorg.ru/news/9911", body=b"<p>\xd0", headers={"Content-Type": "text/html"})
    (page,) = asyncio.run(pages(SpiderWithBadReader(error), response))
    assert (page.outcome, page.stage, page.reason) == (Outcome.QUARANTINED, "reading", reason)
    assert (page.body, page.http_status, page.content_type) == (b"<p>\xd0", 200, "text/html")
