"""`armcrawl stats` as an analyst calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.cli.explore.stats import BAR, bar
from armcrawl.items import Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.conftest import attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Counted = Callable[..., list[dict[str, Any]]]

DATES = {1: "4 марта 2016", 2: "31 Мая 2016", 3: "30 мая 2016", 4: "2015 год", 5: None}


@pytest.fixture
def filled(each_database: str) -> str:
    engine = open_database(each_database)
    pages = [
        stored(
            number,
            section="reviews" if number == 5 else "news",
            date_text=text,
            title=f"Кран {number} испытан",
            tags=(Tag("задвижек"), Tag(f"тег {number}")),
            attribution=attributed("Источник: АйБиТех", "АйБиТех") if number < 3 else None,
        )
        for number, text in DATES.items()
    ]
    write_batch(engine, pages, None)
    engine.dispose()
    return each_database


@pytest.fixture
def counted(armcrawl: Command, filled: str) -> Counted:
    def count(*arguments: str) -> list[dict[str, Any]]:
        done = armcrawl("stats", *arguments, "--json", "--database", filled)
        assert done.code == 0, done.err
        found: list[dict[str, Any]] = json.loads(done.out)
        return found

    return count


def test_a_month_without_an_article_is_shown_and_none_is_made_up(counted: Counted) -> None:
    months = [(count["name"], count["articles"]) for count in counted()]
    assert months == [("2016-03", 1), ("2016-04", 0), ("2016-05", 2), ("2015", 1), (None, 1)]


def test_every_case_of_a_tag_is_counted_as_one(counted: Counted) -> None:
    most = counted("--by", "tag", "--limit", "1")
    assert [(count["name"], count["articles"]) for count in most] == [("задвижки", 5)]


def test_tags_are_counted_between_two_days(counted: Counted) -> None:
    found = counted("--by", "tag", "--since", "2016-05-31")
    assert [(count["name"], count["articles"]) for count in found] == [("задвижки", 1), ("тег 2", 1)]


def test_sources_are_counted(counted: Counted) -> None:
    assert [(count["name"], count["articles"]) for count in counted("--by", "source")] == [("АйБиТех", 2)]


def test_sections_are_counted_between_two_days(counted: Counted) -> None:
    assert [(count["name"], count["kind"], count["articles"]) for count in counted("--by", "section")] == [
        ("news", "armtorg", 4),
        ("reviews", "armtorg", 1),
    ]
    narrowed = counted("--by", "section", "--since", "2016-05-30", "--until", "2016-05-30")
    assert [(count["name"], count["articles"]) for count in narrowed] == [("news", 1)]


def test_entities_are_counted_as_tags_and_as_sources(counted: Counted) -> None:
    found = counted("--by", "entity", "--limit", "2")
    assert [(count["name"], count["articles"]) for count in found] == [("задвижки", 5), ("АйБиТех", 2)]


def test_only_what_a_search_finds_is_counted(counted: Counted) -> None:
    months = [(count["name"], count["articles"]) for count in counted("--search", "кран -2")]
    assert months == [("2016-03", 1), ("2016-04", 0), ("2016-05", 1), ("2015", 1), (None, 1)]


def test_two_things_are_counted_at_once(counted: Counted) -> None:
    assert counted("--by", "source", "--by", "month") == [
        {"source": "АйБиТех", "month": "2016-03", "articles": 1},
        {"source": "АйБиТех", "month": "2016-05", "articles": 1},
    ]


def test_a_table_of_two_has_months_down_the_side_and_says_what_it_leaves_out(armcrawl: Command, filled: str) -> None:
    done = armcrawl("stats", "--by", "tag", "--by", "month", "--search", "кран", "--database", filled)
    lines = [line.split() for line in done.out.splitlines()]
    assert lines[2][1:4] == ["month", "┃", "задвижки"]
    assert ["│", "2016-04", "│", *(["0", "│"] * 6)] in lines
    done = armcrawl("stats", "--by", "month", "--by", "entity", "--limit", "0", "--database", filled)
    assert done.out.splitlines()[-1] == "1 more entity: `--json` has all of them."


@pytest.mark.parametrize("by", [("tag", "tag"), ("tag", "month", "section")])
def test_more_than_two_different_things_are_refused(armcrawl: Command, by: tuple[str, ...]) -> None:
    done = armcrawl("stats", *(word for one in by for word in ("--by", one)))
    assert (done.code, done.err) == (2, "armcrawl: --by counts by one thing, or by two different ones.\n")


def test_a_search_without_a_word_is_one_sentence(armcrawl: Command, filled: str) -> None:
    done = armcrawl("stats", "--search", "-кран", "--database", filled)
    assert done.code == 2
    assert done.err.startswith("armcrawl: There is no word to look for in '-кран'")


def test_a_table_has_bars_in_proportion(armcrawl: Command, filled: str) -> None:
    done = armcrawl("stats", "--database", filled)
    bars = [line.count("█") for line in done.out.splitlines() if "2016-" in line]
    assert bars == [BAR // 2, 0, BAR]
    assert "2015, no month" in done.out
    assert "no date" in done.out


@pytest.mark.parametrize(("number", "shown"), [(0, ""), (16, "█" * BAR), (1, "█▌")])
def test_a_bar_is_drawn_in_eighths(number: int, shown: str) -> None:
    assert bar(number, 16) == shown


def test_an_empty_database_says_so(armcrawl: Command, each_database: str) -> None:
    open_database(each_database).dispose()
    done = armcrawl("stats", "--database", each_database)
    assert (done.code, done.out) == (0, "There is no article to count.\n")


def test_days_in_the_wrong_order_are_told(armcrawl: Command) -> None:
    done = armcrawl("stats", "--since", "2020-01-02", "--until", "2020-01-01")
    assert done.code == 2
    assert done.err == "armcrawl: --since 2020-01-02 is after --until 2020-01-01.\n"
