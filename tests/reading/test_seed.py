"""The text of one real page, in each of our markups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from armcrawl.items import Article, ExchangeRates
from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import SampleArticle, SampleTag, load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import PageKey, address_of

SEEDS = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("000_*.txt"))
FETCHED_AT = datetime(2026, 1, 28, 7, 0, tzinfo=UTC)
TITLE = "Зарубежный опыт развития кластеров и технопарков будет адаптирован для применения в России"
TAGS = ("Минпромторг РФ", "Ассоциацией кластеров и технопарков", "Олег Радионов", "Андрей Шпиленко", "E.S.T.E.R")
FOREIGN = ("Метки", "Смотрите также", "Голосования", "Предложить книгу")


def article_of(seed: Path) -> SampleArticle:
    """Take the article out of the text of the page."""
    lines = [line.strip() for line in seed.read_text(encoding="utf-8").splitlines()]
    start = lines.index("31 Мая 2016")
    end = next(number for number, line in enumerate(lines) if line.startswith("Пресс-служба"))
    return SampleArticle(
        key=PageKey("armtorg", "news", "9911"),
        day=date(2016, 5, 31),
        title=TITLE,
        lead="none",
        marked=tuple(line for line in lines[start + 1 : end] if line),
        attribution=lines[end],
        source="Минпромторг РФ",
        tags=tuple(SampleTag(tag, tag) for tag in TAGS),
        author="",
        images=(),
    )


@pytest.fixture(params=MARKUPS)
def seed_article(request: pytest.FixtureRequest, seed: Path) -> Article:
    article = article_of(seed)
    teasers = {article.key: article} | load_sample().articles
    portal = Portal(request.param, replace(load_sample(), articles=teasers), rates=lambda _: ("90.9329", "76.5519"))
    body = portal.render_article(article, date(2026, 1, 28))
    result = read_page(body, address_of(article.key), FETCHED_AT).result
    assert isinstance(result, Article)
    return refine(result, FETCHED_AT).article


# Without the seed, as in a clone elsewhere, there is nothing to collect.
if SEEDS:

    @pytest.fixture(params=SEEDS, ids=lambda path: path.stem)
    def seed(request: pytest.FixtureRequest) -> Path:
        path: Path = request.param
        return path

    def test_title_and_date(seed_article: Article) -> None:
        assert seed_article.title == TITLE
        assert seed_article.published is not None
        assert seed_article.published.date == date(2016, 5, 31)

    def test_seven_paragraphs(seed_article: Article) -> None:
        assert len(seed_article.paragraphs) == 7
        assert seed_article.paragraphs[0].startswith("Завершилась работа")
        assert seed_article.paragraphs[-1].endswith("в совместных проектах.")

    def test_attribution_names_its_source(seed_article: Article) -> None:
        assert seed_article.attribution is not None
        assert seed_article.attribution.source == "Минпромторг РФ"

    def test_five_tags(seed_article: Article) -> None:
        assert tuple(tag.printed for tag in seed_article.tags) == TAGS

    def test_exchange_rates_of_the_fetch_day(seed_article: Article) -> None:
        assert seed_article.rates == ExchangeRates(date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))

    def test_nothing_foreign_in_the_body(seed_article: Article) -> None:
        assert [phrase for phrase in FOREIGN if phrase in seed_article.body] == []
