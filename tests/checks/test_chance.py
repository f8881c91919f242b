"""How likely chance alone explains what pages show."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.checks.chance import SectionPages, expected_share, tail

seen_and_others = st.tuples(st.integers(0, 300), st.integers(0, 300))
strata = st.builds(lambda of, pages: SectionPages(of, pages[0], sum(pages)), st.integers(1, 60), seen_and_others)


@given(st.integers(0, 100), st.lists(strata, min_size=1, max_size=3))
def test_the_chance_of_more_pages_is_never_higher(least: int, sections: list[SectionPages]) -> None:
    assert 0 <= tail(least + 1, sections) <= tail(least, sections) <= 1


@given(st.lists(strata, min_size=1, max_size=3))
def test_some_number_of_pages_is_certain(sections: list[SectionPages]) -> None:
    assert tail(0, sections) == pytest.approx(1)


def test_few_earlier_pages_explain_more_than_many() -> None:
    assert tail(15, [SectionPages(50, 10, 100)]) > tail(15, [SectionPages(50, 100, 1000)])


def test_more_pages_of_a_section_that_always_shows_it_are_no_wonder() -> None:
    news, interviews = SectionPages(10, 0, 500), SectionPages(40, 500, 500)
    assert expected_share([news, interviews]) == pytest.approx(0.8, abs=0.01)
    assert tail(40, [news, interviews]) > 0.5
    assert tail(40, [SectionPages(50, 500, 1000)]) < 1e-3


def test_what_was_never_seen_among_a_hundred_pages_is_rare_among_fifty_and_not_impossible() -> None:
    # By hand: B(0.5, 150.5) / B(0.5, 100.5), about the root of 100.5 / 150.5, is the chance of none.
    assert tail(1, [SectionPages(50, 0, 100)]) == pytest.approx(1 - sqrt(100.5 / 150.5), abs=0.01)
