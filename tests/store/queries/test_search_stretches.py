"""In which pieces PostgreSQL's index is asked."""

from __future__ import annotations

from armcrawl.store.articles.search_index import places_of
from armcrawl.store.queries.search_stretches import MAX_GROWTH, MAX_PERIODS, stretches, within


def test_stretches_follow_one_another_from_the_newest_to_the_oldest() -> None:
    found = list(stretches(place(100_000), place(0), place(99_999), [], 20))
    assert found[0] == (99_999, 100_000)
    assert found[1] == (99_999 - 2 * MAX_GROWTH, 99_998)
    assert found[-1] == (0, found[-2][0] - 1)


def test_stretches_follow_one_another_from_the_oldest_to_the_newest() -> None:
    found = list(stretches(place(10), place(1_000), place(11), [], 20))
    assert found == [(10, 11), (12, 43), (44, 1_000)]


def test_how_long_a_stretch_is_follows_from_the_hits_before_it() -> None:
    found: list[int] = []
    each = stretches(place(1_000), place(0), place(991), found, 20)
    assert next(each) == (991, 1_000)
    found += [1] * 10
    assert next(each) == (971, 990)


def test_few_articles_are_one_stretch() -> None:
    assert list(stretches(place(10), place(3), None, [], 20)) == [(3, 10)]


def test_articles_of_one_period_are_one_stretch() -> None:
    assert list(stretches(place(7), place(7), place(7), [], 20)) == [(7, 7)]


def test_many_periods_are_asked_for_by_longer_ones() -> None:
    assert within(3, 4) == " & ('/3' | '/4')"
    assert within(8, 19) == " & ('//2' | '//3' | '//4')"
    assert within(9, 18) == within(8, 19)


def test_more_periods_than_one_question_takes_are_asked_for_as_all() -> None:
    assert within(0, MAX_PERIODS)
    assert not within(0, 2 * MAX_PERIODS)


def place(period: int) -> int:
    return places_of(period, period)[0]
