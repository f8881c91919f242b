"""Reading spans of ids that have large holes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from armcrawl.discovery.spans import MAX_STEP, PATIENCE, SpanReader
from armcrawl.items import Outcome
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from armcrawl.items import Page


def read(articles: Iterable[int], first: int, last: int, known: dict[int, bool] | None = None) -> SpanReader:
    """Read a span of a section with these articles; `known` in the end are all ids that were asked for."""
    there = set(articles)
    reader = SpanReader(known if known is not None else {}, lambda number: fetch(number, there))

    async def collect() -> list[Page]:
        return [page async for page in reader.pages(first, last)]

    pages = asyncio.run(collect())
    assert len(pages) == reader.requests == len({page.key for page in pages})
    return reader


ARTICLE = stored(1)


async def fetch(number: int, there: set[int]) -> Page | None:
    return replace(ARTICLE, key=key(number)) if number in there else answered(Outcome.MISSING, number)


def found(reader: SpanReader) -> set[int]:
    return {number for number, is_article in reader.known.items() if is_article}


def test_a_span_without_large_holes_is_asked_for_id_by_id() -> None:
    articles = [number for number in range(1, 200) if number % PATIENCE]
    reader = read(articles, 1, 199)
    assert found(reader) == set(articles)
    assert reader.skipped(1, 199) == []


def test_a_hole_of_thousands_costs_a_few_dozen_requests() -> None:
    articles = {*range(1, 7), *range(3140, 3146)}
    reader = read(articles, 1, 3155)
    assert found(reader) == articles
    assert reader.requests <= 12 + 60


def test_what_was_not_asked_for_is_told() -> None:
    reader = read({1, 1000}, 1, 1000)
    skipped = reader.skipped(1, 1000)
    assert sum(last - first + 1 for first, last in skipped) + len(reader.known) == 1000
    assert all(number not in reader.known for first, last in skipped for number in range(first, last + 1))


@given(st.integers(1, 3000), st.integers(MAX_STEP, 500))
def test_an_island_in_a_hole_is_found_whole(start: int, length: int) -> None:
    island = set(range(start, start + length))
    assert found(read({*island, 4000}, 1, 4000)) == {*island, 4000}


def test_what_is_known_is_not_asked_for_again() -> None:
    articles = {1, 2, 900, 901}
    first = read(articles, 1, 901)
    assert read(articles, 1, 901, dict(first.known)).requests == 0


def test_what_failed_is_taken_for_no_hole() -> None:
    async def refuse(number: int) -> Page:
        return answered(Outcome.FAILED, number)

    async def collect(reader: SpanReader) -> int:
        return len([page async for page in reader.pages(1, 50)])

    assert asyncio.run(collect(SpanReader({}, refuse))) == 50


def test_a_run_that_may_not_ask_ends_at_once() -> None:
    async def refuse(number: int) -> None:
        del number

    async def collect(reader: SpanReader) -> list[Page]:
        return [page async for page in reader.pages(1, 50)]

    reader = SpanReader({}, refuse)
    assert asyncio.run(collect(reader)) == []
    assert reader.is_over
