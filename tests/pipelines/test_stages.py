"""An item's way through the stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from armcrawl.items import Outcome
from armcrawl.refining import STAGES
from pipelines.boilerplate import BoilerplatePipeline
from pipelines.dates import DatesPipeline
from pipelines.validate import ValidatePipeline
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.crawler import Crawler

    from armcrawl.items import Article


@pytest.fixture
def crawler() -> Crawler:
    crawler: Crawler = get_crawler()
    crawler.stats = MemoryStatsCollector(crawler)
    return crawler


def test_what_a_stage_repairs_is_counted(crawler: Crawler) -> None:
    page = stored()
    assert page.article is not None
    printed = replace(page.article, paragraphs=("Первый абзац.", "Смотрите также"))
    BoilerplatePipeline(crawler).process_item(replace(page, article=printed))
    assert crawler.stats.get_value("armcrawl/body/boilerplate_removed") == 1


def test_a_page_without_an_article_passes_through(crawler: Crawler) -> None:
    page = answered(Outcome.MISSING)
    assert DatesPipeline(crawler).process_item(page) is page


def test_what_breaks_a_stage_is_quarantined_and_not_lost(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(article: Article, fetched_at: datetime) -> Article:
        del fetched_at
        raise RuntimeError(article.title)

    page = stored()
    monkeypatch.setitem(STAGES, "dates", fail)
    page = DatesPipeline(crawler).process_item(page)
    assert (page.outcome, page.stage, page.article) == (Outcome.QUARANTINED, "dates", None)
    assert page.reason is not None
    assert page.reason.startswith("refining failed: RuntimeError: Завод")


def test_an_article_without_a_title_is_quarantined() -> None:
    page = stored(title="")
    refused = ValidatePipeline().process_item(page)
    assert (refused.outcome, refused.stage) == (Outcome.QUARANTINED, "validate")
    assert refused.reason


def test_a_sound_article_is_not() -> None:
    page = stored()
    assert ValidatePipeline().process_item(page) is page
