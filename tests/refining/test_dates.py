"""The printed date becomes the article's, or a doubt that is noted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.items import Article, Precision
from armcrawl.refining.context import Context
from armcrawl.refining.dates import date_article
from tests.conftest import FETCHED_AT

CONTEXT = Context(FETCHED_AT)


def dated(date_text: str | None) -> Article:
    return date_article(Article(title="Завод открыл цех", date_text=date_text), CONTEXT)


def test_a_printed_day_is_the_date_of_publication() -> None:
    published = dated("31 Мая 2016").published
    assert published is not None
    assert (published.date, published.precision, published.time) == (date(2016, 5, 31), Precision.DAY, None)


def test_a_printed_time_is_kept_with_its_zone() -> None:
    published = dated("31.05.2016 10:20").published
    assert published is not None
    assert published.time == datetime(2016, 5, 31, 7, 20, tzinfo=UTC)


def test_the_time_is_in_the_sites_own_zone() -> None:
    published = dated("31.05.2016 10:20").published
    assert published is not None
    assert published.time is not None
    assert published.time.utcoffset() == timedelta(hours=3)


@pytest.mark.parametrize(("text", "printed"), [("31 Мая 2016", "2016-05-31"), ("май 2016", "2016-05")])
def test_a_date_is_as_precise_as_it_was_printed(text: str, printed: str) -> None:
    published = dated(text).published
    assert published is not None
    assert published.printed == printed


def test_a_missing_date_is_only_noted() -> None:
    article = dated(None)
    assert (article.published, article.notes) == (None, ("date/missing",))


def test_a_text_that_is_no_date_is_only_noted() -> None:
    article = dated("Без даты")
    assert (article.published, article.notes) == (None, ("date/unreadable",))


@pytest.mark.parametrize("text", ["Среда, 31 мая 2016", "24 ноября 2026", "7 мая 1945", "30 февраля 2016"])
def test_a_date_that_cannot_be_is_none_and_is_counted(text: str) -> None:
    article = dated(text)
    assert (article.published, article.notes) == (None, ("date/impossible",))


@pytest.mark.parametrize("text", ["31 Мая 2016", "Без даты", "30 февраля 2016"])
def test_the_printed_text_stays_beside_what_was_made_of_it(text: str) -> None:
    assert dated(text).date_text == text


def test_a_good_date_notes_nothing() -> None:
    assert dated("31 Мая 2016").notes == ()


@given(st.one_of(st.none(), st.text()))
@settings(deadline=None)
def test_any_date_text_is_a_date_or_noted(text: str | None) -> None:
    article = dated(text)
    assert (article.published is None) == bool(article.notes)
