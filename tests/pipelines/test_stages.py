"""An item's way through the stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Outcome
from armcrawl.refining import STAGES
from pipelines.boilerplate import BoilerplatePipeline
from pipelines.dates import DatesPipeline
from pipelines.validate import ValidatePipeline
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from armcrawl.items import Article


def test_what_a_stage_repairs_is_noted() -> None:
    page = stored()
    assert page.article is not None
    printed = replace(page.article, paragraphs=("Первый абзац.", "Смотрите также"), content_hash="")
    refined = BoilerplatePipeline().process_item(replace(page, article=printed))
    assert refined.article is not None
    assert "body/boilerplate_removed" in refined.article.notes


def test_a_page_without_an_article_passes_through_and_so_does_one_that_was_refined_where_it_was_read() -> None:
    for page in (answered(Outcome.MISSING), stored()):
        assert DatesPipeline().process_item(page) is page


def test_what_breaks_a_stage_is_quarantined_and_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(article: Article, fetched_at: datetime) -> Article:
        del fetched_at
        raise RuntimeError(article.title)

    printed = stored()
    assert printed.article is not None
    monkeypatch.setitem(STAGES, "dates", fail)
    page = DatesPipeline().process_item(replace(printed, article=replace(printed.article, content_hash="")))
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
