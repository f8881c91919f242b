"""The search page and its files, drawn from either database: the same."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from armcrawl.analysis.serving import downloads
from armcrawl.analysis.serving.pages.search import found
from armcrawl.analysis.serving.rendering import environment
from armcrawl.analysis.serving.search_request import SearchRequest, read_request
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.queries import found_rows
from tests import press
from tests.conftest import FETCHED_AT
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

QUERIES = (
    "",
    "q=задвижки&year=2015&-tag=Кунгур",
    "q=стенд&once=1",
    "q=задвижки&order=oldest&since=март 2014&page=3",
    "q=pfldb;rf",
    "tag=Кунгура два&q=завод",
    "site=armavest",
    "kind=place&section=news",
)
FILES = ("csv", "json", "parquet", "atom")


def asked(query: str) -> SearchRequest:
    return read_request(parse_qsl(query), FETCHED_AT)


def drawn(engine: Engine, query: str) -> str:
    request = asked(query)
    return environment().get_template("search.html").render({"words": request.words} | found(engine, request))


def sent(engine: Engine, query: str) -> list[bytes]:
    return list(downloads.written(engine, asked(query), "http://127.0.0.1"))


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("press")
    press.fill(f"sqlite:///{folder}/press.db")
    opened = open_database(f"sqlite:///{folder}/press.db")
    yield opened
    opened.dispose()


def test_a_page_and_its_files_are_the_same_on_both_databases(on_sqlite: Engine, postgresql_database: str) -> None:
    press.fill(postgresql_database)
    engine = open_database(postgresql_database)
    for query in QUERIES:
        assert drawn(engine, query) == drawn(on_sqlite, query), query
        for form in FILES:
            files = [b"".join(sent(one, f"{query}&format={form}")) for one in (engine, on_sqlite)]
            assert files[0] == files[1], f"{query} {form}"
    engine.dispose()


def test_a_file_is_sent_while_it_is_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_rows, "ROWS_AT_ONCE", 3)
    long = tuple(f"Насос {number} сдан." for number in range(1_000))
    write_batch(engine, [stored(number, paragraphs=(f"Цех {number}.", *long)) for number in range(1, 11)], None)
    for form in ("csv", "json"):
        pieces = sent(engine, f"format={form}")
        assert len(pieces) >= 4, form
        assert max(map(len, pieces)) < sum(map(len, pieces)) / 2, form


def test_what_is_stored_meanwhile_is_in_no_file(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_rows, "ROWS_AT_ONCE", 2)
    write_batch(engine, [stored(number) for number in range(1, 6)], None)
    pieces = downloads.written(engine, asked("order=oldest&format=csv"), "http://127.0.0.1")
    whole = next(pieces)
    write_batch(engine, [stored(number) for number in range(6, 9)], None)
    whole += b"".join(pieces)
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))
    assert [row["key"] for row in rows] == [f"armtorg/news/{number}" for number in range(1, 6)]
