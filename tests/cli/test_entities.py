"""`armcrawl entities` as a user calls it, on the sample portal's tags."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Tag
from armcrawl.russian.tags import tag_key
from armcrawl.sample.articles import load_sample
from armcrawl.store.articles.versions import number_unindexed
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.entities import deciding
from tests.store.conftest import key, stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the texts and tags of all articles of the sample, and one of another Oleg."""
    path = tmp_path_factory.mktemp("tagged") / "test.db"
    engine = open_database(f"sqlite:///{path}")
    articles = load_sample().articles.values()
    pages = [
        stored(
            number,
            title=article.title,
            paragraphs=article.paragraphs,
            tags=tuple(Tag(tag.printed, tag.address) for tag in article.tags),
        )
        for number, article in enumerate(articles, 1)
    ]
    write_batch(engine, pages, None)
    write_batch(engine, [stored(9000, tags=(Tag("муфты"), Tag("Олег Шемякин")))], None)
    engine.dispose()
    return path


@pytest.fixture
def filled(tagged: Path, tmp_path: Path) -> str:
    """A copy of it, which a test may change."""
    shutil.copy(tagged, tmp_path / "test.db")
    return f"sqlite:///{tmp_path}/test.db"


def test_every_case_of_a_tag_comes_together(filled: str, armcrawl: Command) -> None:
    printed = {
        tag.printed for article in load_sample().articles.values() for tag in article.tags if tag.name == "Олег Шемякин"
    }
    assert len(printed) > 1
    shown = armcrawl("entities", "show", "Олега Шемякина", "--json", "--database", filled)
    tag = json.loads(shown.out)
    assert (tag["name"], tag["kind"]) == ("Олег Шемякин", "person")
    assert {form["form"] for form in tag["printed"]} == printed | {"Олег Шемякин"}
    assert all(form["examples"] for form in tag["printed"])


def test_all_tags_of_the_sample_are_as_many_as_their_nominatives(filled: str, armcrawl: Command) -> None:
    # The sample prints some names with ё and with е, large and small: those are one tag.
    keys = {tag_key(tag.name) for article in load_sample().articles.values() for tag in article.tags} | {"муфты"}
    assert {"минпромторг рф", "минпромторг россии"} <= keys  # one body, as the table says
    # One firm with and without what stands before its name.
    longer = {"нпо гидрозатвор", "нпо криоклапан", "нпп сигма-позиционер"}
    assert longer | {"гидрозатвор", "криоклапан", "сигма-позиционер"} <= keys
    keys -= {"минпромторг рф"} | longer
    listed = json.loads(armcrawl("entities", "list", "--limit", "0", "--json", "--database", filled).out)
    assert {tag["key"] for tag in listed} == keys


def test_tags_are_listed_by_kind_and_by_what_they_contain(filled: str, armcrawl: Command) -> None:
    done = armcrawl("entities", "list", "--kind", "person", "--contains", "шемяк", "--database", filled)
    assert "Олег Шемякин" in done.out
    assert done.out.count("person") == 1


def test_a_decision_is_made_told_and_taken_back(filled: str, armcrawl: Command) -> None:
    database = ("--database", filled)
    made = armcrawl(
        "entities", "split", "Олег Шемякин", "--article", str(key(9000)), "--by", "редактор", "--apply", *database
    )
    assert "entities undo 1" in made.out
    assert "Олег Шемякин (2)" in armcrawl("entities", "show", "Олег Шемякин (2)", *database).out
    assert "редактор" in armcrawl("entities", "decisions", *database).out
    assert armcrawl("entities", "undo", "1", "--apply", *database).code == 0
    assert armcrawl("entities", "show", "Олег Шемякин (2)", *database).code == 2


def test_search_knows_of_a_decision_as_soon_as_it_is_made_or_taken_back(filled: str, armcrawl: Command) -> None:
    def found() -> list[str]:
        options = ("--limit", "1000", "--json", "--database", filled)
        return [hit["key"] for hit in json.loads(armcrawl("search", 'тег:"арматурные дела"', *options).out)]

    assert found() == []
    assert armcrawl("entities", "rename", "муфты", "Арматурное дело", "--apply", "--database", filled).code == 0
    assert found() == [str(key(9000))]
    assert armcrawl("entities", "undo", "1", "--apply", "--database", filled).code == 0
    assert found() == []


def test_what_a_decision_left_to_be_indexed_is_done_and_told_by_publish(filled: str, armcrawl: Command) -> None:
    engine = open_database(filled)
    deciding.rename(engine, "Олега Шемякина", "Олег Шемякин, инженер", "редактор")
    waiting = number_unindexed(engine)
    engine.dispose()
    assert waiting
    done = armcrawl("runs", "publish", "--database", filled)
    assert f"{waiting} article{'s' if waiting > 1 else ''} found by new names" in done.out
    done = armcrawl("runs", "publish", "--database", filled)
    assert done.out.startswith("Everything that may be shown is shown")


def test_a_merge_is_shown_first(filled: str, armcrawl: Command) -> None:
    merge = ("entities", "merge", "Олег Шемякин", "муфты", "--database", filled)
    done = armcrawl(*merge)
    assert done.code == 0, done.err
    assert "муфты · product · 1 article; " in done.out
    assert "add --apply" in done.out
    assert json.loads(armcrawl("entities", "decisions", "--json", "--database", filled).out) == []
    assert "entities undo 1" in armcrawl(*merge, "--apply").out


def test_what_is_doubtful_is_shown_with_its_articles(filled: str, armcrawl: Command) -> None:
    found = json.loads(armcrawl("entities", "review", "--limit", "0", "--json", "--database", filled).out)
    assert str(key(9000)) in next(row for row in found["forms"] if row["form"] == "муфты")["examples"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "Никто"),
        ("merge", "муфты", "Никто"),
        ("split", "Никто"),
        ("split", "муфты", "--article", "чепуха"),
        ("rename", "муфты", "«»"),
        ("undo", "99"),
    ],
)
def test_what_is_not_known_is_told_in_one_sentence(filled: str, armcrawl: Command, arguments: tuple[str, ...]) -> None:
    done = armcrawl("entities", *arguments, "--database", filled)
    assert done.code == 2
    assert done.err.startswith("armcrawl: ")
    assert "Traceback" not in done.err


def test_the_name_of_another_entity_is_refused_and_different_kinds_are_told(filled: str, armcrawl: Command) -> None:
    taken = armcrawl("entities", "rename", "Олега Шемякина", "муфты", "--database", filled)
    assert (taken.code, "is another entity: `armcrawl entities merge`" in taken.err) == (2, True)
    merged = armcrawl("entities", "merge", "Олега Шемякина", "муфты", "--database", filled)
    assert "These are of different kinds, person and product" in merged.out
