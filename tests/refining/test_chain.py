"""The stages in their order, over one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.items import Article, Published, Tag
from armcrawl.refining.chain import STAGES, refine
from armcrawl.sites import site_named
from tests.conftest import FETCHED_AT, attributed

SITE = site_named("armtorg")

PRINTED = Article(
    title="Завод «Салют» открыл новый цех",
    paragraphs=(
        "Завод «Салют» открыл новый цех",
        "Цех рассчитан на три тысячи приводов в год.",
        "Вложено 400 млн рублей.",
        "Фото: Пётр Сомов",
        "Пресс-служба МЦ Armtorg по материалам АО «Салют»",
    ),
    date_text="31 Мая 2016",
    tags=(Tag("Салют"), Tag("САЛЮТ"), Tag("приводы")),
)


def test_the_stages_stand_in_the_order_of_an_articles_way() -> None:
    assert list(STAGES) == ["dates", "boilerplate", "tags", "dedupe"]


def test_an_article_comes_out_clean() -> None:
    article = refine(PRINTED, FETCHED_AT, SITE).article
    assert article.paragraphs == ("Цех рассчитан на три тысячи приводов в год.", "Вложено 400 млн рублей.")
    assert article.attribution == attributed("Пресс-служба МЦ Armtorg по материалам АО «Салют»", "АО «Салют»")
    assert [tag.name for tag in article.tags] == ["Салют", "приводы"]
    assert article.published is not None
    assert article.published.date == date(2016, 5, 31)


def test_every_repair_is_noted() -> None:
    assert set(refine(PRINTED, FETCHED_AT, SITE).article.notes) == {
        "body/boilerplate_removed",
        "attribution/taken_from_body",
        "lead/repeats_title",
        "tags/repeated_or_empty",
    }


def test_a_good_article_has_no_fault() -> None:
    assert refine(PRINTED, FETCHED_AT, SITE).fault is None


@pytest.mark.parametrize(
    ("article", "fault"),
    [
        (replace(PRINTED, title=""), "no title"),
        (replace(PRINTED, paragraphs=("Поделиться",)), "neither a paragraph nor a picture"),
    ],
)
def test_what_may_not_be_stored_says_why(article: Article, fault: str) -> None:
    assert refine(article, FETCHED_AT, SITE).fault == fault


def test_a_repeated_title_does_not_change_the_hashes() -> None:
    refined = refine(PRINTED, FETCHED_AT, SITE).article
    plain = refine(replace(PRINTED, paragraphs=PRINTED.paragraphs[1:]), FETCHED_AT, SITE).article
    assert (refined.content_hash, refined.text_hash) == (plain.content_hash, plain.text_hash)


def test_a_refined_article_refined_again_is_the_same() -> None:
    once = refine(PRINTED, FETCHED_AT, SITE).article
    assert refine(once, FETCHED_AT, SITE).article == once


@given(
    st.builds(
        Article,
        title=st.text(),
        paragraphs=st.lists(st.text()).map(tuple),
        date_text=st.one_of(st.none(), st.text()),
        tags=st.lists(st.builds(Tag, st.text())).map(tuple),
        attribution=st.none(),
        images=st.just(()),
        links=st.just(()),
        rates=st.none(),
        published=st.none(),
        evidence=st.just({}),
        notes=st.just(()),
    )
)
@settings(deadline=None)
def test_any_article_is_refined_the_same_each_time(article: Article) -> None:
    first, second = refine(article, FETCHED_AT), refine(article, FETCHED_AT, SITE)
    assert first == second


def test_a_date_is_never_taken_from_the_time_of_the_fetch() -> None:
    published: Published | None = refine(replace(PRINTED, date_text=None), FETCHED_AT, SITE).article.published
    assert published is None
