"""`armcrawl show`."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from armcrawl.items import Image
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.schema import article_versions
from tests.conftest import FETCHED_AT
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

    Command = Callable[..., Finished]

LATER = FETCHED_AT + timedelta(days=1)


@pytest.fixture
def filled(database: str) -> str:
    """A database with one article in two versions."""
    engine = open_database(database)
    write_batch(engine, [stored(7)], None)
    write_batch(engine, [stored(7, paragraphs=("Цех рассчитан на пять тысяч приводов.",), fetched_at=LATER)], None)
    engine.dispose()
    return database


def test_an_article_is_shown(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "armtorg/news/7", "--database", filled)
    assert "Завод «Салют» открыл новый цех" in done.out
    assert "пять тысяч" in done.out
    assert "armtorg/news/7 · stored · https://armtorg.ru/news/7" in done.out


def test_its_versions_are_listed(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "armtorg/news/7", "--revisions", "--database", filled)
    assert done.out.count("fetch") == 2


def test_a_difference_is_told_by_paragraphs(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "armtorg/news/7", "--diff", "--database", filled)
    changed = [line.strip() for line in done.out.splitlines()[1:]]
    assert "- Вложено 400 млн рублей." in changed
    assert "+ Цех рассчитан на пять тысяч приводов." in changed
    assert not any("Салют" in line for line in changed)


def test_a_difference_is_told_of_all_that_a_page_says(armcrawl: Command, database: str) -> None:
    engine = open_database(database)
    write_batch(engine, [stored(7)], None)
    write_batch(engine, [stored(7, tags=(), images=(Image("https://armtorg.ru/7.jpg"),), fetched_at=LATER)], None)
    engine.dispose()
    done = armcrawl("show", "armtorg/news/7", "--diff", "--database", database)
    assert "+ images: https://armtorg.ru/7.jpg" in done.out
    assert "- tags: приводы" in done.out


def test_of_a_version_that_cannot_be_read_the_text_is_compared(armcrawl: Command, filled: str) -> None:
    engine = open_database(filled)
    with engine.begin() as connection:
        connection.execute(update(article_versions).values(document={"forecast": "рост"}))
    engine.dispose()
    done = armcrawl("show", "armtorg/news/7", "--diff", "--database", filled)
    assert (
        "of version 2 only the text is compared: the document has a part that is not known here: forecast" in done.out
    )
    assert "- Вложено 400 млн рублей." in done.out


def test_a_history_is_json_for_programs(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "armtorg/news/7", "--json", "--database", filled)
    assert [version["number"] for version in json.loads(done.out)["versions"]] == [1, 2]


def test_an_unknown_page_is_a_usage_error(armcrawl: Command, filled: str) -> None:
    done = armcrawl("show", "armtorg/news/8", "--database", filled)
    assert (done.code, done.err) == (2, "armcrawl: The database does not know armtorg/news/8.\n")
