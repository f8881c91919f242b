"""Which ids are asked for, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.addresses import PageKey
from armcrawl.items import Outcome
from armcrawl.spiders.frontier import Frontier, interleave
from armcrawl.store.database import open_database
from armcrawl.store.writing import write_batch
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


def numbers(frontier: Frontier) -> list[int | None]:
    return [key.number for key in frontier.wanted()]


def addresses(*ids: int) -> list[str]:
    return [f"https://www.armtorg.ru/news/{number}/" for number in ids]


def test_an_empty_ledger_wants_nothing_before_a_head_is_found(engine: Engine) -> None:
    assert numbers(Frontier(engine, "armtorg", ["news"])) == []


def test_every_id_below_the_head_is_wanted_newest_first(engine: Engine) -> None:
    frontier = Frontier(engine, "armtorg", ["news"])
    frontier.raise_head(key(4))
    assert numbers(frontier) == [4, 3, 2, 1]


def test_what_is_known_is_not_wanted_but_failures_are(engine: Engine) -> None:
    pages = [stored(5), answered(Outcome.MISSING, 4), answered(Outcome.FAILED, 3), answered(Outcome.NOT_ARTICLE, 2)]
    write_batch(engine, pages, None)
    assert numbers(Frontier(engine, "armtorg", ["news"])) == [3, 1]


def test_what_this_run_asked_already_is_not_wanted(engine: Engine) -> None:
    frontier = Frontier(engine, "armtorg", ["news"])
    frontier.raise_head(key(3))
    frontier.asked.add(key(2))
    assert numbers(frontier) == [3, 1]


def test_links_above_the_head_are_claims_highest_first(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = Frontier(engine, "armtorg", ["news"])
    assert frontier.claims(addresses(5, 9, 3, 7), "news") == [key(9), key(7)]


def test_links_of_another_section_claim_nothing(engine: Engine) -> None:
    frontier = Frontier(engine, "armtorg", ["news", "reviews"])
    assert frontier.claims(["https://armtorg.ru/reviews/5", "https://example.org/news/6"], "news") == []


def test_a_lower_answer_does_not_lower_the_head(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = Frontier(engine, "armtorg", ["news"])
    frontier.raise_head(key(4))
    assert frontier.heads == {"news": 5}


def test_a_head_that_moved_may_move_further(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    frontier = Frontier(engine, "armtorg", ["news"])
    frontier.claims(addresses(5), "news")
    assert not frontier.is_uncertain("news")
    frontier.raise_head(key(6))
    assert frontier.is_uncertain("news")


def test_a_head_that_no_page_shows_is_uncertain(engine: Engine) -> None:
    write_batch(engine, [stored(5)], None)
    assert Frontier(engine, "armtorg", ["news"]).is_uncertain("news")


def test_an_empty_section_that_no_page_shows_has_nothing_to_probe(engine: Engine) -> None:
    assert not Frontier(engine, "armtorg", ["news"]).is_uncertain("news")


def test_sections_are_asked_in_turn(engine: Engine) -> None:
    frontier = Frontier(engine, "armtorg", ["news", "reviews"])
    frontier.raise_head(key(3))
    frontier.raise_head(key(2, "reviews"))
    found = [(key.section, key.number) for key in frontier.wanted()]
    assert found == [("news", 3), ("reviews", 2), ("news", 2), ("reviews", 1), ("news", 1)]


def test_turns_go_on_when_one_source_is_exhausted() -> None:
    first, second = ([PageKey("armtorg", name, str(n)) for n in ids] for name, ids in (("a", [1, 2, 3]), ("b", [4])))
    assert [key.number for key in interleave([iter(first), iter(second)])] == [1, 4, 2, 3]
