"""Finding a month among ids with holes, with few probes."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.discovery.bisection import CLOSE_ENOUGH, DayFinder
from armcrawl.discovery.counted import UNORDERED
from armcrawl.items import Outcome
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import printed_day
from armcrawl.store.ledger.ledger import boundary
from tests.store.conftest import answered, key
from tests.store.conftest import stored as refined

if TYPE_CHECKING:
    from armcrawl.items import Page

MAX_PROBES = 25
YEARS = range(2012, 2028)


class Section:
    """A section whose articles have the given days; other ids up to the top are holes."""

    def __init__(self, days: dict[int, date]) -> None:
        self.days = days
        self.top = max(days, default=0)

    async def fetch(self, number: int) -> Page | None:
        if number not in self.days:
            return answered(Outcome.MISSING, number)
        return refined(number, date_text=printed_day(self.days[number]))

    def finder(self, known: dict[int, date | None] | None = None) -> DayFinder:
        return DayFinder(self.top, known or {}, self.fetch)


def section_of_sample(name: str) -> Section:
    articles = load_sample().articles
    return Section({article.number: article.day for article in articles.values() if article.key.section == name})


def test_one_article_that_was_dated_anew_does_not_mislead() -> None:
    days = {number: date(2000, 1, 1) + timedelta(days=number // 4) for number in range(1, 30_001)}
    known = days | {500: date(2026, 1, 1)}
    for year in (2002, 2010, 2015):
        low, high = boundary(known, date(year, 1, 1), 30_000)
        assert days[low] < date(year, 1, 1) <= days[high]
        assert high == low + 1


def test_a_gap_of_years_is_not_asked_for_id_by_id() -> None:
    section = Section({1: date(2010, 1, 1), 30_000: date(2020, 1, 1)})
    finder = section.finder({1: date(2010, 1, 1), 30_000: date(2020, 1, 1)})
    assert asyncio.run(finder.around(date(2015, 1, 1))) == (1, 30_000)
    assert len(finder.probes) <= 2 * MAX_PROBES


@pytest.mark.parametrize("hole", [(1_500, 28_000), (20, 9_000), (15_000, 29_990)])
def test_a_day_in_or_beside_a_large_hole_is_found_with_few_probes(hole: tuple[int, int]) -> None:
    ids = [number for number in range(1, 30_001) if not hole[0] <= number <= hole[1]]
    days = {number: date(2000, 1, 1) + timedelta(days=number // 4) for number in ids}
    section = Section(days)
    for wanted in (date(2000, 6, 1), date(2010, 1, 1), date(2020, 5, 1)):
        finder = section.finder()
        low, high = asyncio.run(finder.around(wanted))
        assert len(finder.probes) <= 3 * MAX_PROBES
        before, after = [number for number in ids if days[number] < wanted], [n for n in ids if days[n] >= wanted]
        assert low <= before[-1] < low + 2 * CLOSE_ENOUGH
        assert high - 2 * CLOSE_ENOUGH < after[0] <= high


def span(section: Section, first: date, last: date) -> tuple[int, int, int]:
    """Return a span's first and last id, and how many probes it took."""

    async def find() -> tuple[int, int, int]:
        finder = section.finder()
        low, _ = await finder.around(first)
        _, high = await finder.around(last + timedelta(days=1))
        return low + 1 - UNORDERED, high - 1 + UNORDERED, len(finder.probes)

    return asyncio.run(find())


@pytest.mark.parametrize("name", ["news", "reviews", "articles"])
@pytest.mark.parametrize("year", YEARS)
def test_any_month_of_the_sample_is_found_with_few_probes(name: str, year: int) -> None:
    section = section_of_sample(name)
    for month in range(1, 13):
        first = date(year, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        low, high, probes = span(section, first, last)
        assert probes <= MAX_PROBES
        assert all(low <= number <= high for number, day in section.days.items() if first <= day <= last)


def test_a_probed_page_is_there_to_be_stored() -> None:
    section = section_of_sample("news")
    finder = section.finder()
    asyncio.run(finder.around(date(2016, 3, 1)))
    assert finder.probes
    assert len({page.key for page in finder.probes}) == len(finder.probes)


def test_what_the_ledger_knows_is_not_probed() -> None:
    section = section_of_sample("news")
    known = {number: section.days.get(number) for number in range(1, section.top + 1)}
    finder = section.finder(dict(known))
    low, high = asyncio.run(finder.around(date(2016, 3, 1)))
    assert finder.probes == []
    assert max(number for number, day in section.days.items() if day < date(2016, 3, 1)) == low
    assert min(number for number, day in section.days.items() if day >= date(2016, 3, 1)) == high


def test_a_run_that_may_not_ask_ends_with_what_it_knows() -> None:
    async def refuse(number: int) -> None:
        del number

    finder = DayFinder(1000, {}, refuse)
    assert asyncio.run(finder.around(date(2016, 3, 1))) == (0, 1001)
    assert finder.probes == []


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=300), st.integers(0, 400))
def test_a_day_begins_between_the_two_ids(steps: list[tuple[int, int]], later: int) -> None:
    days, number, day = {}, 0, date(2016, 1, 1)
    for step, pause in steps:
        number, day = number + step, day + timedelta(days=pause)
        days[number] = day
    section, wanted = Section(days), date(2016, 1, 1) + timedelta(days=later)
    low, high = asyncio.run(section.finder().around(wanted))
    assert all(number >= high or number > low for number, found in days.items() if found >= wanted)
    assert all(number < high for number, found in days.items() if found < wanted)


def test_a_key_names_the_probe() -> None:
    section = Section({5: date(2016, 1, 1), 100: date(2016, 5, 1)})
    finder = section.finder()
    asyncio.run(finder.around(date(2016, 3, 1)))
    assert {page.key.section for page in finder.probes} == {key(1).section}


@pytest.mark.parametrize("wrong", [date(2016, 1, 1), date(2016, 1, 9)])
def test_an_article_whose_date_does_not_fit_its_id_is_outvoted_by_the_others(wrong: date) -> None:
    days = {2: 1, 3: 2, 4: 5, 5: 6, 7: 7, 8: 8}
    known = {number: date(2016, 1, day) for number, day in days.items()}
    outlier = 6 if wrong.day == 1 else 1
    assert boundary(known | {outlier: wrong}, date(2016, 1, 5), 8) == (3, 4)
