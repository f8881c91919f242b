"""`armcrawl show`, `forget` and `remove`."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from armcrawl.cli.explore.keys import key_of
from sqlalchemy import update

from armcrawl.errors import UsageError
from armcrawl.items import Image
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.schema import article_versions
from tests.conftest import FETCHED_AT
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Undisturbed
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


@pytest.mark.parametrize(
    "text", ["armtorg/news/7", "https://armtorg.ru/news/7", "http://www.armtorg.ru//news/007/?utm_source=x#top"]
)
def test_a_page_is_named_by_key_or_address(text: str) -> None:
    assert key_of(text) == PageKey("armtorg", "news", "7")


@pytest.mark.parametrize("text", ["7", "news/7", "armtorg/photo/7", "https://example.org/news/7", "armtorg/news/x", ""])
def test_what_names_no_page_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write a key"):
        key_of(text)


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


def test_a_removed_page_shows_its_reason(armcrawl: Command, filled: str) -> None:
    done = armcrawl("remove", "armtorg/news/7", "--reason", "просьба автора", "--database", filled)
    assert done.code == 0, done.err
    done = armcrawl("show", "armtorg/news/7", "--database", filled)
    assert done.out == "armtorg/news/7 · removed (просьба автора) · https://armtorg.ru/news/7\n"


@pytest.mark.usefixtures("crawled")
def test_a_forgotten_page_is_asked_for_by_the_next_run(
    armcrawl: Command, undisturbed: Undisturbed, database: str
) -> None:
    assert armcrawl("forget", "armtorg/news/102", "armtorg/news/103", "--database", database).code == 0
    options = ("--base-url", undisturbed.url, "--delay", "0", "--concurrency", "4")
    done = armcrawl("crawl", *options, "--database", database)
    assert "Pages: stored 2." in done.out
