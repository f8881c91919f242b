"""Hashes by which a change of an article, and the same text on another page, are seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import Article, Evidence, ExchangeRates, Image, Link, Precision, Published, Tag
from armcrawl.refining.context import Context
from armcrawl.refining.fingerprint import fingerprint
from tests.conftest import FETCHED_AT, attributed

ARTICLE = Article(
    title="Завод «Салют» открыл новый цех",
    paragraphs=("Цех рассчитан на три тысячи приводов в год.", "Вложено 400 млн рублей."),
    published=Published(date(2016, 5, 31), Precision.DAY),
    attribution=attributed("Источник: ТАСС", "ТАСС"),
    tags=(Tag("Салют", key="салют"), Tag("приводы", key="приводы")),
)


def content_hash(article: Article) -> str:
    return fingerprint(article, Context(FETCHED_AT)).content_hash


def text_hash(article: Article) -> str:
    return fingerprint(article, Context(FETCHED_AT)).text_hash


def test_the_hashes_are_the_same_in_ten_years() -> None:
    found = fingerprint(ARTICLE, Context(FETCHED_AT))
    assert (found.content_hash, found.text_hash) == (
        "af25972f2f5951cba1ed9a0da4bef392",
        "e34a4b62a6a6aba88acfd92e4dded667",
    )


def test_the_time_of_the_fetch_does_not_matter() -> None:
    assert fingerprint(ARTICLE, Context(FETCHED_AT)) == fingerprint(ARTICLE, Context(FETCHED_AT + timedelta(days=3650)))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Завод «Салют» открыл новые цеха"},
        {"title": 'Завод "Салют" открыл новый цех'},
        {"published": None},
        {"published": Published(date(2016, 6, 1), Precision.DAY)},
        {"published": Published(date(2016, 5, 1), Precision.MONTH)},
        {"paragraphs": ARTICLE.paragraphs[:1]},
        {"paragraphs": ARTICLE.paragraphs[::-1]},
        {"paragraphs": (" ".join(ARTICLE.paragraphs),)},
        {"attribution": None},
        {"attribution": attributed("Источник: Интерфакс", "Интерфакс")},
        {"tags": ()},
        {"tags": ARTICLE.tags[::-1]},
        {"tags": (Tag("Салюта", key="салют"), Tag("приводы", key="приводы"))},
    ],
)
def test_a_change_of_what_the_page_prints_changes_the_content_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(ARTICLE, **change)) != content_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"lead": "Цех рассчитан на три тысячи приводов в год."},
        {"author": "Ирина Селезнёва"},
        {"images": (Image("https://armtorg.ru/uploads/1.jpg"),)},
        {"links": (Link("https://example.com/", "сайте"),)},
        {"rates": ExchangeRates(date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))},
        {"evidence": {"title": Evidence("heading")}},
        {"notes": ("date/missing",)},
        {"published": Published(date(2016, 5, 31), Precision.DAY, datetime(2016, 5, 31, 7, tzinfo=UTC))},
        {"attribution": attributed("Источник: ТАСС", "ТАСС", "https://tass.ru/")},
        {"tags": tuple(replace(tag, address="https://armtorg.ru/tags/1", name="Имя") for tag in ARTICLE.tags)},
    ],
)
def test_what_is_no_content_does_not_change_the_content_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(ARTICLE, **change)) == content_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"title": 'ЗАВОД "САЛЮТ" открыл  новый цех'},
        {"paragraphs": ("Цех рассчитан на три тысячи приводов в год.", "Вложено 400\u00a0млн руб\u00adлей.")},
        {"published": None},
        {"attribution": None},
        {"tags": ()},
    ],
)
def test_another_print_of_the_same_text_has_the_same_text_hash(change: dict[str, Any]) -> None:
    assert text_hash(replace(ARTICLE, **change)) == text_hash(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [{"title": "Завод «Салют» закрыл цех"}, {"paragraphs": ARTICLE.paragraphs[:1]}, {"paragraphs": ()}],
)
def test_another_text_has_another_text_hash(change: dict[str, Any]) -> None:
    assert text_hash(replace(ARTICLE, **change)) != text_hash(ARTICLE)


def test_a_word_that_moves_from_the_title_into_the_text_changes_the_text_hash() -> None:
    one, other = Article("Завод открыл", ("цех.",)), Article("Завод", ("открыл цех.",))
    assert text_hash(one) != text_hash(other)


def test_a_fingerprint_changes_nothing_but_the_hashes() -> None:
    assert (
        replace(fingerprint(ARTICLE, Context(FETCHED_AT)), content_hash="", document_hash="", text_hash="") == ARTICLE
    )


@given(st.text(st.characters()), st.lists(st.text(st.characters())))
def test_any_strings_have_two_hashes_of_sixteen_bytes(title: str, paragraphs: list[str]) -> None:
    found = fingerprint(Article(title, tuple(paragraphs)), Context(FETCHED_AT))
    assert (len(bytes.fromhex(found.content_hash)), len(bytes.fromhex(found.text_hash))) == (16, 16)
