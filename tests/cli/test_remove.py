"""`armcrawl remove`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Record
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]

REMOVE = ("remove", "news/7", "--reason", "просьба автора")


@pytest.fixture
def filled(database: str) -> str:
    engine = open_database(database)
    write_batch(engine, [stored(7)], None)
    engine.dispose()
    return database


def test_what_would_go_is_shown_first(armcrawl: Command, filled: str) -> None:
    done = armcrawl(*REMOVE, "--database", filled)
    assert done.code == 0, done.err
    assert "1 version and 0 archived pages would go for good." in done.out
    assert "Завод «Салют» открыл новый цех" in armcrawl("show", "news/7", "--database", filled).out


def test_a_removed_page_shows_its_reason(armcrawl: Command, filled: str) -> None:
    done = armcrawl(*REMOVE, "--apply", "--database", filled)
    assert done.code == 0, done.err
    done = armcrawl("show", "armtorg/news/7", "--database", filled)
    assert done.out == "armtorg/news/7 · removed (просьба автора) · https://armtorg.ru/news/7\n"


def test_a_page_that_is_not_known_is_a_usage_error(armcrawl: Command, filled: str) -> None:
    done = armcrawl("remove", "news/9", "--reason", "x", "--database", filled)
    assert (done.code, done.err) == (2, "armcrawl: The database does not know armtorg/news/9.\n")


def test_a_page_whose_archive_is_not_there_is_not_removed_yet(armcrawl: Command, database: str, tmp_path: Path) -> None:
    engine = open_database(database)
    write_batch(engine, [replace(stored(7), record=Record("gone.warc.gz", 0))], None)
    engine.dispose()
    done = armcrawl(*REMOVE, "--apply", "--database", database, "--archive", str(tmp_path / "elsewhere"))
    assert done.code == 1
    assert "lacks gone.warc.gz, which the database names, so the page is not removed yet" in done.err
    assert "Завод «Салют» открыл новый цех" in armcrawl("show", "news/7", "--database", database).out
