"""Looking into views and tables: what fits, in order, page by page, the same on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.errors import UsageError
from armcrawl.store.base.database import open_read_only, reading
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.table_rows import (
    COMPARED,
    MAX_SHOWN,
    Condition,
    Relation,
    RowsWanted,
    count_of,
    python_type_of,
    relations,
    rows_of_relation,
    values_of,
)
from tests.press import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ARTICLES = relations()["v_articles"]


@pytest.fixture(scope="module")
def sqlite(press_file: Path) -> Iterator[Engine]:
    engine = open_read_only(f"sqlite:///{press_file}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgres(press_reader: str) -> Iterator[Engine]:
    engine = open_read_only(press_reader)
    yield engine
    engine.dispose()


def looked(engine: Engine, wanted: RowsWanted, relation: Relation = ARTICLES) -> list[tuple[Any, ...]]:
    """Return the rows of all pages, one after another, as who follows the links has them."""
    rows = list[tuple[Any, ...]]()
    with reading(engine) as connection:
        while True:
            page = rows_of_relation(connection, relation, wanted)
            rows += page.rows
            if page.after is None:
                return rows
            wanted = replace(wanted, after=tuple(json.loads(json.dumps(page.after, default=str))))


def titles(engine: Engine, *conditions: Condition) -> int:
    with reading(engine) as connection:
        number = count_of(connection, ARTICLES, RowsWanted(conditions))
    assert number == len(looked(engine, RowsWanted(conditions)))
    return number


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_pages_have_every_row_once_by_whatever_column_they_are_ordered(sqlite: Engine, view: str) -> None:
    relation = relations()[view]
    whole = sorted(map(repr, looked(sqlite, RowsWanted(size=1_000), relation)))
    for name, kind in relation.columns.items():
        if python_type_of(kind) in COMPARED | {str}:
            for falls in (False, True):
                paged = looked(sqlite, RowsWanted(sort=name, is_falling=falls, size=7), relation)
                assert sorted(map(repr, paged)) == whole, (name, falls)


@pytest.mark.parametrize("falls", [False, True])
def test_rows_go_on_behind_a_text_that_is_shown_in_part(
    sqlite: Engine, postgres: Engine, monkeypatch: pytest.MonkeyPatch, falls: bool
) -> None:
    monkeypatch.setattr("armcrawl.store.queries.table_rows.MAX_SHOWN", 20)
    monkeypatch.setattr("armcrawl.store.queries.table_rows.MAX_PLACED", 10)
    wanted = RowsWanted((Condition("section", "is", "articles"),), sort="body", is_falling=falls, size=1)
    here, there = ([row[0] for row in looked(one, wanted)] for one in (sqlite, postgres))
    assert (len(here), len(set(here)), here) == (16, 16, there)


@pytest.mark.parametrize("sort", ["key", "title", "published_on", "word_count", "author"])
@pytest.mark.parametrize("falls", [False, True])
def test_the_order_is_the_same_on_both_databases(sqlite: Engine, postgres: Engine, sort: str, falls: bool) -> None:
    wanted = RowsWanted(sort=sort, is_falling=falls, size=20)
    places = [list(ARTICLES.columns).index(name) for name in ("key", "title", "published_on")]
    here, there = ([[row[place] for place in places] for row in looked(one, wanted)] for one in (sqlite, postgres))
    assert here == there


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        (Condition("section", "is", "articles"), 16),
        (Condition("section", "not", "articles"), 38),
        (Condition("title", "contains", "57"), 1),
        (Condition("title", "contains", "завод"), 0),
        (Condition("title", "starts", "Завод"), 48),
        (Condition("published_on", "from", "2016-07-02"), 2),
        (Condition("published_on", "until", "2014-01-02"), 2),
        (Condition("author", "empty"), 54),
        (Condition("author", "filled"), 0),
        (Condition("word_count", "from", "100000"), 1),
    ],
)
def test_conditions_choose_the_same_rows_on_both_databases(
    sqlite: Engine, postgres: Engine, condition: Condition, number: int
) -> None:
    assert (titles(sqlite, condition), titles(postgres, condition)) == (number, number)


@pytest.mark.parametrize(
    "wanted",
    [
        RowsWanted(sort="nowhere"),
        RowsWanted((Condition("nowhere", "is", "1"),)),
        RowsWanted((Condition("key", "like", "1"),)),
        RowsWanted((Condition("published_on", "from", "вчера"),)),
        RowsWanted((Condition("published_on", "contains", "2016"),)),
        RowsWanted((Condition("word_count", "is", "много"),)),
        RowsWanted((Condition("word_count", "is", "9" * 30),)),
        RowsWanted((Condition("tags", "is", "[]"),)),
        RowsWanted((Condition("title", "contains", "\0"),)),
        RowsWanted((Condition("first_seen_at", "from", "0001-01-01T00:00:00+14:00"),)),
        RowsWanted(after=(1, 2, 3)),
        RowsWanted(after=("\ud800",)),
        RowsWanted(after=("\0",)),
        RowsWanted(sort="tags"),
    ],
)
def test_what_makes_no_sense_is_told(sqlite: Engine, wanted: RowsWanted) -> None:
    with pytest.raises(UsageError):
        looked(sqlite, wanted)


def test_values_of_a_column_are_counted_among_the_rows_that_fit(sqlite: Engine, postgres: Engine) -> None:
    wanted = RowsWanted((Condition("title", "starts", "Завод"),))
    for engine in (sqlite, postgres):
        with reading(engine) as connection:
            assert values_of(connection, ARTICLES, wanted, "section") == [("news", 32), ("articles", 16)]


def test_values_of_lists_are_not_counted(sqlite: Engine) -> None:
    with reading(sqlite) as connection, pytest.raises(UsageError, match="tags"):
        values_of(connection, ARTICLES, RowsWanted(), "tags")


def test_a_table_shows_the_beginning_of_a_long_text_and_a_file_all_of_it(sqlite: Engine) -> None:
    wanted = RowsWanted((Condition("key", "is", f"armtorg/news/{LONG}"),))
    body = list(ARTICLES.columns).index("body")
    assert len(looked(sqlite, wanted)[0][body]) == MAX_SHOWN
    assert len(looked(sqlite, replace(wanted, is_whole=True))[0][body]) > 1_000_000


def test_a_page_of_long_texts_ends_before_it_has_too_many_letters(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = looked(sqlite, RowsWanted(size=100, is_whole=True))
    monkeypatch.setattr("armcrawl.store.queries.table_rows.MAX_ANSWER", 500)
    with reading(sqlite) as connection:
        page = rows_of_relation(connection, ARTICLES, RowsWanted(size=100, is_whole=True))
    assert 1 < len(page.rows) < len(whole)
    assert looked(sqlite, RowsWanted(size=100, is_whole=True)) == whole
