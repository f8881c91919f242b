"""The texts of the press portal: many, unlike each other, and the same whenever they are asked for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from armcrawl.fingerprints import Grade, similarity
from armcrawl.fingerprints.comparing import compare
from armcrawl.fingerprints.shingles import shingled
from armcrawl.sample.articles import load_sample
from armcrawl.sample.press.articles import RUBRICS, History, PressArticle
from armcrawl.sample.press.generator import histories_of
from armcrawl.sample.press.own import own_histories
from armcrawl.sample.press.reprints import GRADES, reprint_histories

YEAR = 365


@cache
def generated() -> tuple[PressArticle, ...]:
    """Return a year of generated articles."""
    days = (date(2025, 1, 1) + timedelta(days=number) for number in range(YEAR))
    return tuple(history.article for day in days for history in histories_of(day))


def text(article: PressArticle) -> str:
    return "\n\n".join((article.title, *article.paragraphs))


def test_forty_own_texts_cover_all_rubrics() -> None:
    rubrics = Counter(history.article.rubric for history in own_histories())
    assert rubrics.total() >= 40
    assert set(rubrics) == set(RUBRICS)
    assert min(rubrics.values()) >= 5


def test_own_texts_have_three_to_seven_paragraphs() -> None:
    assert {len(history.article.marked) for history in own_histories()} <= set(range(3, 8))


def test_tags_of_own_texts_are_in_the_nominative_where_they_are_named() -> None:
    tags = [tag for history in own_histories() for tag in history.article.tags]
    assert any(tag.printed != tag.name for tag in tags)
    assert all(tag.name for tag in tags)


def test_a_day_has_the_same_articles_whenever_it_is_asked_for() -> None:
    days = [date(2026, 5, 5) + timedelta(days=number) for number in range(7)]
    first = [histories_of(day) for day in days]
    histories_of.cache_clear()
    assert [histories_of(day) for day in days] == first


def test_a_day_has_up_to_four_articles_and_holidays_hardly_any() -> None:
    by_day = Counter(article.day for article in generated())
    assert max(by_day.values()) == 4
    assert 400 < by_day.total() < 800
    assert sum(by_day[date(2025, 1, day)] for day in range(1, 9)) <= 3


def test_no_two_generated_texts_are_copies() -> None:
    texts = [shingled(text(article)) for article in generated()[:250]]
    alike = [
        (one, other)
        for one in range(len(texts))
        for other in range(one)
        if texts[one].shingles & texts[other].shingles
        and compare(texts[one], texts[other]).grade is not Grade.DIFFERENT
    ]
    assert alike == []


def test_no_paragraph_stands_in_two_articles() -> None:
    paragraphs = Counter(paragraph for article in generated() for paragraph in article.paragraphs)
    assert [paragraph for paragraph, number in paragraphs.items() if number > 1] == []


def test_nothing_is_left_unfilled() -> None:
    assert [article.title for article in generated() if set("{}[]|") & set(text(article))] == []


def test_events_follow_the_article_one_after_another() -> None:
    histories: list[History] = [
        *own_histories(),
        *(h for article in generated()[:300] for h in histories_of(article.day)),
    ]
    for history in histories:
        assert list(history.moments) == sorted(set(history.moments)), history.article.title


@pytest.mark.parametrize("grade", GRADES)
def test_a_reprint_is_to_its_original_what_it_says(grade: str) -> None:
    originals = {str(article.key): article for article in load_sample().articles.values()}
    found = [history.article for history in reprint_histories() if history.article.grade == grade]
    assert len(found) >= 5
    for article in found:
        [key] = article.copy_of
        original = originals[key]
        theirs = "\n\n".join((original.title, *original.paragraphs))
        assert similarity(text(article), theirs).grade == grade, (article.slug, key)


def test_a_reprint_names_the_first_portal_and_comes_later() -> None:
    originals = {str(article.key): article for article in load_sample().articles.values()}
    for history in reprint_histories():
        article = history.article
        assert "Armtorg" in article.attribution
        assert article.day > originals[article.copy_of[0]].day
