"""`armcrawl backfill`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armcrawl.sample.articles import Sample
from armcrawl.sample.server import serving
from tests.conftest import COMMAND_SECONDS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Start
    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def backfill(armcrawl: Command, portal: str, database: str) -> Command:
    """Run a backfill of the sample portal."""

    def run(*arguments: str) -> Finished:
        where = ("--base-url", portal, "--database", database, "--delay", "0", "--concurrency", "4")
        return armcrawl("backfill", *arguments, *where)

    return run


def test_ids_are_brought(backfill: Command, query: Query) -> None:
    done = backfill("--ids", "100-120,7", "--section", "news")
    assert done.code == 0, done.err
    numbers = [number for (number,) in query("SELECT number FROM pages ORDER BY number")]
    assert numbers[:-1] == [7, *range(100, 121)]  # the last one is the head, which had to be found


def test_ids_above_the_head_are_not_asked_for(backfill: Command, query: Query, sample: Sample) -> None:
    assert backfill("--ids", "1-100000", "--section", "reviews").code == 0
    assert query("SELECT max(number) FROM pages") == [(sample.of_section("reviews")[0].number,)]


def test_days_are_brought(backfill: Command, query: Query, sample: Sample) -> None:
    done = backfill("--since", "2016-03-01", "--until", "2016-03-31", "--section", "news")
    assert done.code == 0, done.err
    probes = re.search(r"found with (\d+) probes", done.err)
    assert probes is not None
    assert int(probes[1]) <= 25
    wanted = {str(article.key) for article in sample.of_section("news") if str(article.day).startswith("2016-03")}
    assert wanted
    assert wanted <= {key for (key,) in query("SELECT key FROM v_articles")}
    assert query("SELECT count(*) < 80 FROM pages") == [(1,)]


def test_the_same_command_again_asks_for_nothing(backfill: Command, requests: list[str]) -> None:
    backfill("--since", "2016-03-01", "--until", "2016-03-31", "--section", "news")
    before = len(requests)
    done = backfill("--since", "2016-03-01", "--until", "2016-03-31", "--section", "news")
    assert "Nothing new." in done.out
    assert len(requests) - before <= 3


def test_all_is_brought(backfill: Command, query: Query, sample: Sample) -> None:
    sections = ("reviews", "articles")
    assert backfill("--all", *(part for name in sections for part in ("--section", name))).code == 0
    assert query("SELECT count(*) FROM articles") == [(sum(len(sample.of_section(name)) for name in sections),)]
    assert query("SELECT kind, arguments FROM runs")[0][0] == "backfill"


def test_a_list_of_addresses_is_brought_and_nothing_else(
    backfill: Command, query: Query, requests: list[str], tmp_path: Path
) -> None:
    (tmp_path / "urls").write_text("https://armtorg.ru/news/7\nhttps://armtorg.ru/articles/item/3/\n", encoding="utf-8")
    assert backfill("--urls", "urls").code == 0
    assert query("SELECT key FROM articles ORDER BY key") == [("armtorg/articles/3",), ("armtorg/news/7",)]
    assert len(requests) == 3  # robots.txt and the two


def test_a_backfill_that_is_killed_goes_on(start: Start, asked: list[str], query: Query, half: Sample) -> None:
    code = "import sys; sys.argv[1:2] = ['backfill', '--all']; from armcrawl.cli import main; main()"
    killed = start(code)
    wait_for(lambda: len(asked) > 80)
    killed.kill()
    killed.communicate(COMMAND_SECONDS)
    again = start(code)
    _, err = again.communicate(COMMAND_SECONDS)
    assert again.returncode == 0, err
    assert query("SELECT count(*) FROM articles") == [(len(half.articles),)]
    assert len(asked) < 500  # 276 ids, twice the way to the heads, and what was asked before


def test_a_plan_tells_and_asks_for_nothing(armcrawl: Command, portal: str, database: str, requests: list[str]) -> None:
    armcrawl("crawl", "--base-url", portal, "--database", database, "--delay", "0", "--max-requests", "10")
    before = len(requests)
    done = armcrawl("backfill", "--ids", "1-100", "--section", "news", "--plan", "--database", database)
    assert "news 1-100: 100 ids would be asked for" in done.out
    assert "100 requests at 2 s each: 3 min." in done.out
    assert len(requests) == before


@pytest.mark.parametrize(
    ("goal", "said"),
    [(("--ids", "1-3000"), "3000 requests at 2 s each: 1 h 40 min."), (("--all",), "is not known before")],
)
def test_more_than_an_hour_is_told_first(
    armcrawl: Command, portal: str, database: str, requests: list[str], goal: tuple[str, ...], said: str
) -> None:
    done = armcrawl("backfill", *goal, "--section", "news", "--base-url", portal, "--database", database)
    assert (done.code, done.err) == (0, "")
    assert said in done.out
    assert "add --apply" in done.out
    assert requests == []
    assert not Path(database.removeprefix("sqlite:///")).exists()


def test_a_plan_of_more_than_a_run_may_take_says_where_it_ends(armcrawl: Command, portal: str, database: str) -> None:
    where = ("--base-url", portal, "--database", database)
    done = armcrawl("backfill", "--ids", "1-30000", "--section", "news", *where)
    assert "30000 requests at 2 s each: 16 h 40 min." in done.out
    assert "A run ends after 4 h 0 min (--max-time)" in done.out


def test_large_holes_are_skipped_and_what_was_skipped_is_told(
    armcrawl: Command, database: str, query: Query, sample: Sample
) -> None:
    asked: list[str] = []
    articles = {key: one for key, one in sample.articles.items() if key.section != "news" or not 20 < one.number < 400}
    holed = Sample(articles, frozenset(), frozenset())
    with serving("bootstrap", log=asked, sample=holed) as url:
        where = ("--base-url", url, "--database", database, "--delay", "0", "--section", "news")
        done = armcrawl("backfill", "--since", "2000-01-01", "--until", "2030-12-31", *where)
        assert done.code == 0, done.err
        again = armcrawl("backfill", "--since", "2000-01-01", "--until", "2030-12-31", *where, "-v")
    told = re.search(r"news: (\d+) ids between \d+ and \d+ lie in large holes, and were not asked for", done.err)
    assert told is not None
    top = max(article.number for article in holed.of_section("news"))
    assert query("SELECT count(*) FROM articles") == [(len(holed.of_section("news")),)]
    assert query("SELECT count(*) FROM pages") == [(top - int(told[1]),)]
    assert "Nothing new." in again.out
    assert "--ids" in again.err


@pytest.mark.parametrize("more", [("--apply", "--delay", "0.01"), ("--max-requests", "3"), ("--max-time", "5")])
def test_what_is_wanted_or_ends_within_the_hour_begins(
    armcrawl: Command, portal: str, database: str, requests: list[str], more: tuple[str, ...]
) -> None:
    options = ("--base-url", portal, "--database", database, "--section", "reviews", *more)
    assert armcrawl("backfill", "--ids", "1-3000", *options).code == 0
    assert requests


def test_a_list_may_come_in_on_standard_input(armcrawl: Command, portal: str, database: str, query: Query) -> None:
    where = ("--base-url", portal, "--database", database, "--delay", "0")
    done = armcrawl("backfill", "--urls", "-", *where, stdin="https://armtorg.ru/news/7\n")
    assert done.code == 0, done.err
    assert query("SELECT key FROM articles") == [("armtorg/news/7",)]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all", "--ids", "1-5"),
        ("--all", "--plan", "--apply"),
        ("--ids", "9-3"),
        ("--urls", "no-such-file"),
        ("--since", "yesterday"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(backfill: Command, arguments: tuple[str, ...]) -> None:
    done = backfill(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
