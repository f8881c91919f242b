"""Which ids are asked for, and in which order."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl import clock
from armcrawl.discovery import frontier as frontier_module
from armcrawl.discovery.frontier import MAX_OF_GROUP, Frontier
from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.database_worker import DatabaseWorker
from armcrawl.store.base.heads import close_groups
from armcrawl.store.ledger.setting_heads import set_head
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey


@pytest.fixture
def engine(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    # What was answered just now is not due again yet.
    monkeypatch.setattr(clock, "now", lambda: FETCHED_AT)
    opened = open_database(database)
    yield opened
    opened.dispose()


class Here(DatabaseWorker):
    """Calls in this process: what a frontier asks needs no process of its own."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(str(engine.url))
        self.engine = engine

    async def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self.engine, *args, **kwargs)


def frontier_of(engine: Engine, *sections: str) -> Frontier:
    return asyncio.run(Frontier.of(Here(engine), "armtorg", sections))


def wanted(frontier: Frontier) -> list[PageKey]:
    async def collect() -> list[PageKey]:
        return [due.key async for due in frontier.wanted()]

    return asyncio.run(collect())


def numbers(frontier: Frontier) -> list[int | None]:
    return [key.number for key in wanted(frontier)]


def addresses(*ids: int) -> list[str]:
    return [f"https://www.armtorg.ru/news/{number}/" for number in ids]


def test_an_empty_ledger_wants_nothing_before_a_head_is_found(engine: Engine) -> None:
    assert numbers(frontier_of(engine, "news")) == []


def test_every_id_below_the_head_is_wanted_newest_first(engine: Engine) -> None:
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(4))
    assert numbers(frontier) == [4, 3, 2, 1]


def test_what_is_known_is_not_wanted_but_failures_are(engine: Engine) -> None:
    pages = [stored(5), answered(Outcome.MISSING, 4), answered(Outcome.FAILED, 3), answered(Outcome.NOT_ARTICLE, 2)]
    write_batch(engine, pages, None)
    assert numbers(frontier_of(engine, "news")) == [3, 1]


def test_what_this_run_asked_already_is_not_wanted(engine: Engine) -> None:
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(3))
    frontier.asked.add(key(2))
    assert numbers(frontier) == [3, 1]


def test_a_page_that_is_due_and_was_asked_for_already_is_not_asked_for_again(engine: Engine) -> None:
    today = FETCHED_AT - timedelta(days=9)
    write_batch(engine, [stored(number, fetched_at=today, date_text=f"{today:%d.%m.%Y}") for number in (1, 2)], None)
    frontier = frontier_of(engine, "news")
    assert numbers(frontier) == [2, 1]
    frontier.asked.add(key(2))
    assert numbers(frontier) == [1]


def test_links_above_the_head_are_claims_highest_first(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = frontier_of(engine, "news")
    assert frontier.claims(addresses(5, 9, 3, 7), "news") == [key(9), key(7)]


def test_links_of_another_section_claim_nothing(engine: Engine) -> None:
    frontier = frontier_of(engine, "news", "reviews")
    assert frontier.claims(["https://armtorg.ru/reviews/5", "https://example.org/news/6"], "news") == []


def test_a_lower_answer_does_not_lower_the_head(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(4))
    assert frontier.heads == {"news": 5}


def test_a_head_that_moved_may_move_further(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = frontier_of(engine, "news")
    frontier.claims(addresses(5), "news")
    assert not frontier.is_uncertain("news")
    frontier.raise_head(key(6))
    assert frontier.is_uncertain("news")


def test_a_head_that_no_page_shows_is_uncertain(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    assert frontier_of(engine, "news").is_uncertain("news")


def test_an_empty_section_that_no_page_shows_has_nothing_to_probe(engine: Engine) -> None:
    assert not frontier_of(engine, "news").is_uncertain("news")


def test_sections_are_asked_in_turn(engine: Engine) -> None:
    frontier = frontier_of(engine, "news", "reviews")
    frontier.raise_head(key(3))
    frontier.raise_head(key(2, "reviews"))
    found = [(key.section, key.number) for key in wanted(frontier)]
    assert found == [("news", 3), ("reviews", 2), ("news", 2), ("reviews", 1), ("news", 1)]


def test_turns_go_on_when_one_section_is_exhausted(engine: Engine) -> None:
    frontier = frontier_of(engine, "news", "reviews")
    frontier.raise_head(key(1))
    frontier.raise_head(key(3, "reviews"))
    assert [(key.section, key.number) for key in wanted(frontier)] == [
        ("news", 1), ("reviews", 3), ("reviews", 2), ("reviews", 1),
    ]  # fmt: skip


def test_a_long_archive_is_compared_in_windows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier_module, "WINDOW", 4)
    write_batch(engine, [answered(Outcome.MISSING, number) for number in (3, 4, 5, 9)], None)
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(11))
    assert numbers(frontier) == [11, 10, 8, 7, 6, 2, 1]


def test_a_lone_id_far_above_the_others_comes_last(engine: Engine) -> None:
    frontier = frontier_of(engine, "news")
    assert [key.number for key in frontier.claims(addresses(99_999_999, 320, 319, 318), "news")] == [
        320, 319, 318, 99_999_999,
    ]  # fmt: skip


def test_of_a_group_only_the_highest_are_claims(engine: Engine) -> None:
    assert len(frontier_of(engine, "news").claims(addresses(*range(100, 150)), "news")) == MAX_OF_GROUP


def test_an_article_that_stands_alone_far_above_raises_no_head_and_is_no_claim_again(engine: Engine) -> None:
    write_batch(engine, [stored(number) for number in range(1, 6)], None)
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(20_160_531), date(2016, 5, 31))
    assert frontier.heads == {"news": 5}
    assert not frontier.moved
    assert frontier.claims(addresses(20_160_531, 6, 5), "news") == [key(6)]


def test_what_a_person_took_out_of_the_count_is_no_claim(engine: Engine) -> None:
    write_batch(engine, [stored(number) for number in (*range(1, 6), 900)], None)
    set_head(engine, key(5), is_applied=True)
    assert frontier_of(engine, "news").claims(addresses(900, 6, 5), "news") == [key(6)]


def test_what_a_site_shows_counts_as_much_as_a_lone_article_far_above(engine: Engine) -> None:
    write_batch(engine, [stored(20_160_531)], None)
    frontier = frontier_of(engine, "news")
    assert frontier.claims(addresses(3, 4), "news") == [key(4), key(3)]
    frontier.raise_head(key(4))
    assert frontier.heads == {"news": 4}
    assert numbers(frontier) == [4, 3, 2, 1]


def test_three_articles_far_above_whose_dates_rise_raise_the_head(engine: Engine) -> None:
    write_batch(engine, [stored(number) for number in range(1, 6)], None)
    frontier = frontier_of(engine, "news")
    for number in (30_003, 30_002):
        frontier.raise_head(key(number), date(2026, 11, 20))
    assert frontier.heads == {"news": 5}
    frontier.raise_head(key(30_001), date(2026, 11, 19))
    assert frontier.heads == {"news": 30_003}


def test_ids_are_probed_one_after_another(engine: Engine) -> None:
    frontier = frontier_of(engine, "news")
    frontier.raise_head(key(5))
    assert [frontier.next_probe("news").number for _ in range(2)] == [6, 7]
    frontier.raise_head(key(7))
    assert frontier.next_probe("news").number == 8


@given(st.sets(st.integers(1, 10**6)))
def test_groups_hold_every_number_once(found: set[int]) -> None:
    assert [number for group in close_groups(found) for number in group] == sorted(found)
