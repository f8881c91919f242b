"""`armcrawl search` and `armcrawl db` as a user calls them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from armcrawl.russian.search_query import MAX_DISTANCE
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.conftest import TOP
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


@pytest.fixture
def filled(each_database: str) -> str:
    engine = open_database(each_database)
    write_batch(engine, [stored(1), stored(2, title="Кран DN 500 испытан", date_text="4 Марта 2020")], None)
    engine.dispose()
    return each_database


def test_hits_are_shown_with_date_title_excerpt_and_key(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "цех привод", "--database", filled)
    assert done.code == 0, done.err
    assert "2016-05-31  Завод «Салют» открыл новый цех" in done.out
    assert "armtorg/news/1" in done.out
    assert "\x1b" not in done.out


def test_hits_are_json_for_programs(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", '"DN 500"', "--database", filled, "--json")
    (hit,) = json.loads(done.out)
    assert (hit["key"], hit["published_on"], hit["tags"]) == ("armtorg/news/2", "2020-03-04", ["Салют", "приводы"])


def test_tag_days_and_limit_narrow_a_search(armcrawl: Command, filled: str) -> None:
    done = armcrawl(
        "search", "привод", "--database", filled, "--tag", "салют", "--since", "2017-01-01", "--limit", "1", "--json"
    )
    assert [hit["key"] for hit in json.loads(done.out)] == ["armtorg/news/2"]


@pytest.mark.parametrize("option", ["--kind={}", "--exclude=kind={}"])
@pytest.mark.parametrize("written", ["product", "Product", "PRODUCT"])
def test_kinds_are_written_in_letters_of_either_case(
    armcrawl: Command, filled: str, tmp_path: Path, option: str, written: str
) -> None:
    expected = ["armtorg/news/1", "armtorg/news/2"] if option.startswith("--kind") else []
    narrowed = ("--database", filled, option.format(written))
    found = armcrawl("search", "привод", *narrowed, "--json")
    assert sorted(hit["key"] for hit in json.loads(found.out)) == expected, found.err
    done = armcrawl("export", str(tmp_path / "kinds.csv"), "--columns", "key", *narrowed)
    assert done.out.startswith(f"{len(expected)} row"), done.err


def test_a_kind_that_is_none_is_answered_with_those_there_are(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "привод", "--database", filled, "--exclude", "kind=ghost")
    assert done.code == 2
    assert "'ghost' is not one of 'person', 'organisation', 'place', 'product', 'event', 'topic'" in done.err


def test_nothing_found_is_said(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "верблюд", "--database", filled)
    assert (done.code, done.out) == (0, "Nothing was found.\n")


def test_what_may_have_been_meant_is_said(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "ghbdjl", "--database", filled)
    assert done.out == "Nothing was found.\nDid you mean (keyboard layout, 2 articles): привод\n"


def test_how_many_there_are_and_what_was_left_out_is_said(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "привод & цех", "--limit", "1", "--database", filled)
    assert done.out.endswith("1 of 2 articles.\nLeft out of the query, as it says nothing: &\n")
    done = armcrawl("search", "привод & цех", "--limit", "1", "--database", filled, "--json")
    assert len(json.loads(done.out)) == 1
    assert done.err == "1 of 2 articles.\nLeft out of the query, as it says nothing: &\n"


def test_what_may_have_been_meant_otherwise_is_said(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "привод или цех с 2015 года автор:Петров", "--database", filled)
    assert done.out.splitlines()[1:4] == [
        "'с 2015 года' is looked for as words: days stand beside the query, as --since 2015-01-01 --until 2015-12-31.",
        (
            "автор: is no field, so it is looked for as a word: there are заголовок: тег: источник: сайт: "
            "(title: tag: source: site:)."
        ),
        "'или' is looked for as a word: OR and ИЛИ, in capitals, mean one of both.",
    ]
    done = armcrawl("search", '"привод цех"~99', "--database", filled)
    assert f"~99 counts as ~{MAX_DISTANCE}: search looks no further." in done.out
    for sql in ("--sql", "--json"):
        assert "OR and ИЛИ" in armcrawl("search", "привод или цех", sql, "--database", filled).err
    exported = armcrawl("export", "-", "--search", "привод или цех", "--database", filled)
    assert "OR and ИЛИ" in exported.err


def test_a_name_that_nobody_has_is_said_with_near_ones(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "привод", "--tag", "Слют", "--database", filled)
    assert done.out == "Nothing was found.\nNo article has the tag 'Слют'. Near to it: Салют.\n"
    done = armcrawl("search", "привод сайт:верблюд", "--database", filled)
    assert "There is no site 'верблюд'." in done.out


@pytest.mark.parametrize("query", [("привод", "-DN"), ("-DN", "привод"), ("привод", '-"DN 500"'), ("привод -DN",)])
def test_a_minus_at_the_beginning_of_an_argument_is_the_querys(
    armcrawl: Command, filled: str, query: tuple[str, ...]
) -> None:
    done = armcrawl("search", *query, "--database", filled, "--json", "-q")
    assert [hit["key"] for hit in json.loads(done.out)] == ["armtorg/news/1"]


def test_an_option_that_there_is_not_is_no_word(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "привод", "--tga", "Салют", "--database", filled)
    assert (done.code, "--tga" in done.err) == (2, True)
    assert "no word to look for" in armcrawl("search", "-насос", "--database", filled).err


def test_hits_may_be_in_the_order_of_days(armcrawl: Command, filled: str) -> None:
    found = [
        [
            hit["key"]
            for hit in json.loads(armcrawl("search", "цех", "--order", order, "--database", filled, "--json").out)
        ]
        for order in ("best", "newest", "oldest")
    ]
    assert found == [
        ["armtorg/news/1", "armtorg/news/2"],
        ["armtorg/news/2", "armtorg/news/1"],
        ["armtorg/news/1", "armtorg/news/2"],
    ]


def test_the_statement_is_printed(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "цех", "--sql", "--database", filled)
    assert done.code == 0, done.err
    assert done.out.startswith("SELECT articles.")
    assert ("MATCH" in done.out) == filled.startswith("sqlite")


@pytest.mark.parametrize(
    "arguments",
    [
        ("-кран",),
        ("кран", "--since", "yesterday"),
        ("кран", "--limit", "0"),
        ("кран", "--tag", ""),
        ("кран", "--source", "\udcff"),
        ("кран", "--since", "2020-01-01", "--until", "2019-01-01"),
    ],
)
def test_a_search_that_makes_no_sense_is_a_usage_error(
    armcrawl: Command, filled: str, arguments: tuple[str, ...]
) -> None:
    done = armcrawl("search", "--database", filled, *arguments[1:], "--", arguments[0])
    assert done.code == 2
    assert "Traceback" not in done.err


def test_the_end_of_time_is_a_day_like_others(armcrawl: Command, filled: str) -> None:
    done = armcrawl("search", "цех", "--until", "9999-12-31", "--database", filled)
    assert done.code == 0, done.err


def test_the_tables_are_made_and_checked(armcrawl: Command, filled: str) -> None:
    assert "already" in armcrawl("db", "create", "--database", filled).out
    done = armcrawl("db", "check", "--database", filled)
    assert (done.code, done.err) == (0, "")


def test_the_schema_is_printed(armcrawl: Command) -> None:
    assert armcrawl("db", "schema").out == (TOP / "docs" / "schema.md").read_text(encoding="utf-8")


def test_a_database_is_copied(armcrawl: Command, filled: str, tmp_path: object) -> None:
    target = f"sqlite:///{tmp_path}/copy.db"
    done = armcrawl("db", "copy", filled, target)
    assert done.code == 0, done.err
    assert "articles 2" in done.out
    assert (
        armcrawl("search", "DN 500", "--database", target, "--json").out
        == armcrawl("search", "DN 500", "--database", filled, "--json").out
    )


def test_a_copy_onto_itself_is_refused(armcrawl: Command, filled: str) -> None:
    done = armcrawl("db", "copy", filled, filled)
    assert done.code == 2
    assert "the same database" in done.err


def test_sqlite_has_no_readers_to_grant(armcrawl: Command, database: str) -> None:
    open_database(database).dispose()
    assert armcrawl("db", "grant-reader", "anna", "--database", database).code == 2
