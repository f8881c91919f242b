"""What a declaration promises is judged from the first run on."""

from __future__ import annotations

from armcrawl.checks import Observation, judge_bounds

DATED = [Observation(f"ventil/news/{number}", "news", number, filled=frozenset({"date"})) for number in range(1, 19)]
UNDATED = [Observation(f"ventil/news/{number}", "news", number) for number in (19, 20)]


def test_fields_that_fewer_articles_have_than_declared_are_a_breach() -> None:
    (breach,) = judge_bounds(DATED + UNDATED, {"date": 0.95})
    assert str(breach) == (
        "2 of 20 pages have no date (10%, declared at most 5%), "
        "since ventil/news/19, e.g. ventil/news/19, ventil/news/20"
    )


def test_as_many_as_declared_are_none() -> None:
    assert judge_bounds(DATED + UNDATED, {"date": 0.9, "tags": 0.0}) == []


def test_of_a_few_articles_nothing_is_said() -> None:
    assert judge_bounds(UNDATED, {"date": 1.0}) == []


def test_pages_without_an_article_do_not_count() -> None:
    missing = [Observation(f"ventil/news/{number}", "news", number, kind="missing") for number in range(21, 40)]
    assert judge_bounds(DATED + missing, {"date": 1.0}) == []
