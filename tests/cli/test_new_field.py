"""A field touches three places: those that docs/engineers.md shows, line by line."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.server import serving_handler
from tests.conftest import COMMAND_SECONDS
from tests.shown_changes import changed_copy, changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished
    from tests.mutants.__main__ import Copy

    Command = Callable[..., Finished]

PAGE = """<html><head><title>{title}</title><meta property="article:section" content="Оборудование"></head>
<body><h1>{title}</h1><p>31 мая 2016</p><p>Цех рассчитан на {number} тысяч приводов в год.</p>
<p>Вложено 400 млн рублей, сообщает завод.</p></body></html>"""
KEYS = ["armtorg/news/1", "armtorg/news/2"]
FAST = ("--delay", "0", "--section", "news")
PLACES = [
    "armcrawl/items.py",
    "armcrawl/reading/fields/structured.py",
    "armcrawl/reading/page.py",
    "armcrawl/store/articles/documents.py",
    "armcrawl/store/base/views/articles.py",
]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project with the field."""
    return changed_copy(tmp_path_factory.mktemp("changed"), "Adding a field")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a site with two articles that declare their rubric."""

    async def handle(request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if request.path == "/":
            return web.Response(text='<html><a href="/news/2">Новость</a></html>', content_type="text/html")
        if request.path not in ("/news/1", "/news/2"):
            return web.Response(status=404)
        return web.Response(text=PAGE.format(title=f"Завод открыл цех {name}", number=name), content_type="text/html")

    with serving_handler(handle) as url:
        yield url


@pytest.fixture
def with_field(changed: Copy, tmp_path: Path) -> Callable[..., str]:
    """Run the changed `armcrawl`, and return what it prints."""

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "armcrawl", *arguments]
        environment = {name: value for name, value in changed.environment.items() if not name.startswith("ARMCRAWL_")}
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def rubrics(file: Path) -> list[str | None]:
    """Return the field of each article in a file of JSON lines."""
    return [json.loads(line)["rubric"] for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_page_for_engineers_names_the_places_where_a_field_stands() -> None:
    assert list(dict.fromkeys(change.file for change in changes("Adding a field"))) == PLACES


def test_a_crawl_brings_a_new_field_and_an_export_shows_it(
    site: str, with_field: Callable[..., str], database: str, tmp_path: Path
) -> None:
    with_field("crawl", "--base-url", site, "--database", database, *FAST)
    with_field("export", "articles.csv", "--database", database)
    with (tmp_path / "articles.csv").open(encoding="utf-8-sig") as file:
        assert [(row["key"], row["rubric"]) for row in csv.DictReader(file)] == [(key, "Оборудование") for key in KEYS]


def test_an_older_archive_is_read_again_for_a_new_field(
    site: str, armcrawl: Command, with_field: Callable[..., str], database: str, tmp_path: Path
) -> None:
    done = armcrawl("crawl", "--base-url", site, "--database", database, *FAST)
    assert done.code == 0, done.err
    with_field("db", "create", "--database", database)
    shown = json.loads(with_field("reparse", "--json", "--database", database))
    assert shown["fields"] == [{"field": "rubric", "gained": 2, "lost": 0, "changed": 0}]
    with_field("reparse", "--apply", "--database", database)
    assert "+ rubric: Оборудование" in with_field("show", KEYS[0], "--diff", "--database", database)
    with_field("export", "articles.jsonl", "--database", database)
    assert rubrics(tmp_path / "articles.jsonl") == ["Оборудование", "Оборудование"]


def test_a_damaged_document_keeps_no_other_article_from_export(
    site: str, with_field: Callable[..., str], database: str, tmp_path: Path
) -> None:
    with_field("crawl", "--base-url", site, "--database", database, *FAST)
    with sqlite3.connect(tmp_path / "test.db") as connection:
        connection.execute("UPDATE article_versions SET document = '{' WHERE id = 1")
    connection.close()
    with_field("export", "articles.jsonl", "--database", database)
    assert sorted(map(str, rubrics(tmp_path / "articles.jsonl"))) == ["None", "Оборудование"]
