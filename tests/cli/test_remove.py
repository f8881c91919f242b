"""`armcrawl remove`."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.folder import files_of
from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured
from armcrawl.items import Record
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.cli.test_add import PAGE, web_of
from tests.sqlite import make_sqlite
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

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


SHOWN = PAGE.format(
    title="Стенд в пятом цехе пустили",
    text="Насосы нового стенда дают шестьсот атмосфер, чего хватит для арматуры на много лет вперёд.",
)
URL = "http://zavod.example/novosti/5"
COPY, REPRINT = "http://zavod.example/novosti/6", "http://kran.example/novosti/6"


def test_a_crawl_that_meets_its_text_under_another_id_takes_that_down_and_wipes_the_record(
    armcrawl: Command, database: str, tmp_path: Path, query: Query
) -> None:
    pages, archive = {"zavod.example/novosti/5": SHOWN}, tmp_path / "raw"
    base = ("--database", database, "--archive", str(archive))
    quick = (*base, "--delay", "0", "--impolite")
    with web_of(pages, []) as environment:
        assert armcrawl("add", URL, *quick, **environment).code == 0
        done = armcrawl("remove", URL, *REMOVE[2:], "--apply", *base)
        assert done.code == 0, done.err
        pages |= {"zavod.example/novosti/6": SHOWN, "kran.example/novosti/6": SHOWN}
        done = armcrawl("add", COPY, REPRINT, *quick, **environment)
    assert f"{COPY} is not stored: the same page as any/pages/zavod.example/novosti/5" in done.err
    assert query("SELECT key FROM v_articles") == [("any/pages/kran.example/novosti/6",)]
    (stats,) = query("SELECT stats FROM runs ORDER BY id DESC LIMIT 1")[0]
    told = json.loads(str(stats))
    assert (told["armcrawl/pages/removed"], told["armcrawl/removals/wiped"]) == (1, 1)
    answers = [one.url for path in files_of(archive) for one in captures_in(path) if isinstance(one, Captured)]
    assert [one for one in answers if "novosti" in one] == [REPRINT]


def test_what_was_taken_down_is_listed_and_taken_down_again_on_another_database(
    armcrawl: Command, filled: str, tmp_path: Path
) -> None:
    assert armcrawl(*REMOVE, "--apply", "--database", filled).code == 0
    listed = json.loads(armcrawl("removals", "list", "--json", "--database", filled).out)
    assert [(one["key"], one["reason"]) for one in listed] == [("armtorg/news/7", "просьба автора")]
    file = str(tmp_path / "list.jsonl")
    assert armcrawl("removals", "export", file, "--database", filled).out == f"{file} has 1 removal.\n"
    other = make_sqlite(tmp_path / "other.db")
    engine = open_database(other)
    write_batch(engine, [stored(7), stored(8)], None)
    engine.dispose()
    done = armcrawl("removals", "replay", file, "--database", other)
    assert "Would be taken down: 1 page of the list; wiped: 0 archived pages." in done.out
    assert armcrawl("removals", "replay", file, "--apply", "--database", other).code == 0
    assert "removed (просьба автора)" in armcrawl("show", "armtorg/news/7", "--database", other).out
    assert armcrawl("show", "armtorg/news/8", "--database", other).code == 0


@pytest.mark.parametrize("said", ["", "{}\n", "[1]\n", "no JSON\n"])
def test_what_is_no_list_of_removals_is_told_in_a_sentence(
    armcrawl: Command, filled: str, tmp_path: Path, said: str
) -> None:
    (tmp_path / "list.jsonl").write_text(said, encoding="utf-8")
    done = armcrawl("removals", "replay", str(tmp_path / "list.jsonl"), "--apply", "--database", filled)
    assert done.code == (2 if said else 0)
    assert "Traceback" not in done.err
    assert ("Line 1 is no removal" in done.err) == bool(said)


def test_the_list_goes_with_an_archive_that_moves(armcrawl: Command, filled: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = armcrawl(*REMOVE, "--apply", "--database", filled, "--archive", "raw")
    assert done.code == 0, done.err
    (tmp_path / "raw" / "armtorg-1.warc.gz").write_bytes(gzip.compress(b"WARC/1.1"))
    moved = armcrawl("archive", "move", "raw", "elsewhere", "--database", filled)
    assert moved.code == 0, moved.err
    assert (tmp_path / "elsewhere" / "removals.jsonl").read_text("utf-8") == (
        tmp_path / "raw" / "removals.jsonl"
    ).read_text("utf-8")
