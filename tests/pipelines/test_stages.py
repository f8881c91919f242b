"""An item's way through Scrapy: it comes in refined, and is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from armcrawl.items import Outcome
from armcrawl.reading.response import SiteResponse
from armcrawl.refining.chain import STAGES
from armcrawl.refining.pages import page_from
from armcrawl.sites import Origin, site_named
from armcrawl.stats import STATS
from pipelines.boilerplate import BoilerplatePipeline
from pipelines.dates import DatesPipeline
from pipelines.dedupe import DedupePipeline
from pipelines.tags import TagsPipeline
from pipelines.validate import ValidatePipeline
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from armcrawl.crawling.run_extension import RunExtension
    from armcrawl.items import Article
    from armcrawl.refining.context import Context
    from pipelines.stage import CountingStage

COUNTING = (DatesPipeline, BoilerplatePipeline, TagsPipeline)


PAGE = """<html><head><title>Завод открыл новый цех приводов</title></head>
<body><h1>Завод открыл новый цех приводов</h1>
<p>31 мая 2016</p><p>Новый цех рассчитан на три тысячи электроприводов в год, сообщил директор завода.</p>
<p>В оборудование вложено четыреста миллионов рублей, создано восемьдесят пять рабочих мест.</p></body></html>"""


class Counts:
    """A run that counts."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def count(self, name: str) -> None:
        self.seen[name] += 1


def response_of_an_article() -> SiteResponse:
    return SiteResponse("https://armtorg.ru/news/9911", 200, FETCHED_AT, PAGE.encode(), "text/html; charset=utf-8")


def counted(stage: type[CountingStage], *notes: str) -> Counter[str]:
    run = Counts()
    page = stored()
    assert page.article is not None
    page = replace(page, article=replace(page.article, notes=notes))
    assert stage(cast("RunExtension", run)).process_item(page) is page
    return run.seen


def test_what_a_stage_noted_is_counted_by_its_pipeline() -> None:
    assert counted(BoilerplatePipeline, "body/cut", "date/missing", "lead/repeats_title") == {
        "body/cut": 1,
        "lead/repeats_title": 1,
    }


@pytest.mark.parametrize("note", [name for name in STATS if name.partition("/")[0] in
                                  {"attribution", "body", "charset", "date", "decoding", "lead", "tags"}])  # fmt: skip
def test_each_note_is_counted_once(note: str) -> None:
    assert sum((counted(stage, note) for stage in COUNTING), Counter()) == {note: 1}


def test_a_page_without_an_article_passes_through() -> None:
    page = answered(Outcome.MISSING)
    assert DatesPipeline(cast("RunExtension", Counts())).process_item(page) is page
    assert DedupePipeline().process_item(page) is page


def test_what_breaks_a_stage_is_quarantined_and_not_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(article: Article, context: Context) -> Article:
        del context
        raise RuntimeError(article.title)

    monkeypatch.setitem(STAGES, "dates", fail)
    page = page_from(key(), response_of_an_article(), Origin.of(site_named("armtorg"), None))
    assert (page.outcome, page.stage, page.article) == (Outcome.QUARANTINED, "dates", None)
    assert page.body
    assert page.reason is not None
    assert page.reason.startswith("refining failed: RuntimeError: Завод")
    ValidatePipeline().process_item(page)
    assert "refining failed" in caplog.text


def test_an_article_without_a_title_is_quarantined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STAGES, "dedupe", lambda article, _: replace(article, title=""))
    page = page_from(key(), response_of_an_article(), Origin.of(site_named("armtorg"), None))
    assert (page.outcome, page.stage, page.reason) == (Outcome.QUARANTINED, "validate", "no title")


def test_an_article_that_comes_in_unrefined_is_quarantined() -> None:
    page = stored()
    assert page.article is not None
    unrefined = DedupePipeline().process_item(replace(page, article=replace(page.article, content_hash="")))
    assert (unrefined.outcome, unrefined.stage) == (Outcome.QUARANTINED, "dedupe")
    assert DedupePipeline().process_item(page) is page
