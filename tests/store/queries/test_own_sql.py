"""SQL of somebody's own on both databases: what it answers, what it may take, and what it is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import UsageError
from armcrawl.store.base.database import open_read_only
from armcrawl.store.queries import own_sql
from armcrawl.store.queries.own_sql import MAX_LENGTH, MAX_PARAMETER, MAX_ROWS, ask, parameters_of
from armcrawl.store.queries.own_sql_child import AWAY, Question, RefusedError, answer, plain
from tests.press import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
FOUND = "SELECT key FROM v_articles WHERE key IN (found({})) ORDER BY key LIMIT 2"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def press(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The press database on either kind, opened for reading."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("press_file")
        engine = open_read_only(f"sqlite:///{file}")
    else:
        engine = open_read_only(request.getfixturevalue("press_reader"))
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(press_file: Path) -> Iterator[Engine]:
    engine = open_read_only(f"sqlite:///{press_file}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(press_reader: str) -> Iterator[Engine]:
    engine = open_read_only(press_reader)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT :a, :b, :a", ["a", "b"]),
        ("SELECT ':no', \":no\", 'it''s :no' -- :no\n, /* :no */ :yes", ["yes"]),
        ("SELECT x::text, $$ :no $$, $q$ :no $q$, :слово", ["слово"]),
        ("SELECT '12:30'", []),
    ],
)
def test_parameters_are_not_looked_for_in_texts_and_comments(sql: str, names: list[str]) -> None:
    assert parameters_of(sql) == names


def test_a_select_is_answered_with_rows_of_plain_values(press: Engine) -> None:
    answer = ask(press, "SELECT key, published_on, 1 AS n FROM v_articles ORDER BY key LIMIT 1;", {})
    assert (answer.columns, answer.rows) == (("key", "published_on", "n"), [("armtorg/articles/1", "2014-01-01", 1)])
    assert not answer.is_cut


def test_a_percent_sign_and_a_colon_in_a_text_are_no_parameters(press: Engine) -> None:
    sql = "SELECT count(*) FROM v_articles WHERE title LIKE '%57%' AND '12:30' = :time"
    assert ask(press, sql, {"time": "12:30"}).rows == [(1,)]
    assert ask(press, "SELECT count(*) FROM v_articles WHERE title LIKE '%57%'", {}).rows == [(1,)]


def test_found_stands_for_the_articles_that_a_search_finds(press: Engine) -> None:
    expected = [("armtorg/articles/1",), ("armtorg/articles/10",)]
    assert ask(press, FOUND.format("'задвижками'"), {}).rows == expected
    assert ask(press, FOUND.format(":words"), {"words": "задвижками"}).rows == expected
    assert ask(press, FOUND.format("'!!!'"), {}).rows == []


def test_a_parameter_keeps_its_value_whatever_it_is_called(press: Engine) -> None:
    asked = {"value_0": "a", "value_1": "b"}
    assert ask(press, "SELECT nominative('Кунгура'), :value_0, :value_1", asked).rows == [("Кунгур", "a", "b")]


def test_keys_of_names_are_reckoned_one_within_the_other(press: Engine) -> None:
    sql = "SELECT count(*) FROM v_entities WHERE entity_key = tag_key(nominative(:name))"
    assert ask(press, sql, {"name": "Кунгура"}).rows == [(1,)]


def test_rows_beyond_a_thousand_are_left_out_and_it_says_so(press: Engine) -> None:
    answer = ask(press, "SELECT a.key FROM v_articles a, v_articles b", {})
    assert (len(answer.rows), answer.is_cut) == (MAX_ROWS, True)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "WITH x AS (SELECT 1) DELETE FROM articles",
        "SELECT 1; DELETE FROM articles",
        "SELECT 1; COMMIT; DROP VIEW v_articles",
        "CREATE TABLE mine (id INTEGER)",
        "",
        " ; ",
        "SELECT " + "1," * MAX_LENGTH,
    ],
)
def test_nothing_but_one_select_is_accepted(press: Engine, sql: str) -> None:
    with pytest.raises(UsageError):
        ask(press, sql, {})
    assert ask(press, "SELECT count(*) FROM v_articles", {}).rows == [(54,)]


def test_a_parameter_that_is_too_long_is_told(press: Engine) -> None:
    with pytest.raises(UsageError, match="Слишком длинно"):
        ask(press, "SELECT :a", {"a": "я" * (MAX_PARAMETER + 1)})


def test_what_takes_too_long_is_ended(press: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_sql, "MAX_SECONDS", 3.0)
    with pytest.raises(UsageError, match="не уложился в 3 с"):
        ask(press, ENDLESS, {})


def test_what_looks_at_no_clock_is_ended_as_well(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_sql, "MAX_SECONDS", 2.0)
    with pytest.raises(UsageError, match="не уложился"):
        ask(sqlite, "SELECT instr(hex(zeroblob(8000000)), hex(zeroblob(4000000)) || '1')", {})


def test_an_answer_of_too_many_letters_is_refused(press: Engine) -> None:
    sql = f"SELECT a.body FROM v_articles a, v_articles b WHERE a.key = 'armtorg/news/{LONG}'"
    with pytest.raises(UsageError, match="слишком велик"):
        ask(press, sql, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(hex(zeroblob(300000000)))",
        "SELECT replace(hex(zeroblob(3000000)), '0', '0123456789')",
        "SELECT group_concat(a.body) FROM v_articles a, v_articles b",
        f"SELECT {', '.join(['z'] * 900)} FROM (SELECT randomblob(8000000) AS z)",
    ],
)
def test_sqlite_has_no_more_than_its_memory(sqlite: Engine, sql: str) -> None:
    with pytest.raises(UsageError, match="слишком велик"):
        ask(sqlite, sql, {})


def test_a_row_of_postgresql_has_no_more_than_its_memory(postgres: Engine) -> None:
    with pytest.raises(UsageError, match="слишком велик"):
        ask(postgres, "SELECT repeat('я', 60000000)", {})


@pytest.mark.parametrize(
    "sql", ["ATTACH DATABASE 'new.db' AS other", "PRAGMA hard_heap_limit = 0", "SELECT load_extension('x')", "VACUUM"]
)
def test_sqlite_does_nothing_but_read_its_file(sqlite: Engine, sql: str) -> None:
    with pytest.raises(UsageError, match="База отказала"):
        ask(sqlite, sql, {})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_sleep(1)",
        "SELECT PG_READ_FILE('/etc/hostname')",
        'SELECT "pg_advisory_lock"(1)',
        'SELECT U&"p\\0067_sleep"(1)',
        "SELECT E'\\'', pg_sleep(1), 'x'",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT * FROM ts_stat('SELECT 1')",
    ],
)
def test_postgresql_is_not_asked_about_its_server(postgres: Engine, sql: str) -> None:
    with pytest.raises(UsageError, match="не принимается"):
        ask(postgres, sql, {})


def test_a_superuser_of_postgresql_answers_no_sql_of_one_s_own(postgresql_database: str) -> None:
    engine = open_read_only(postgresql_database)
    with pytest.raises(UsageError, match="суперпользователя"):
        ask(engine, "SELECT 1", {})
    engine.dispose()


def test_what_a_database_refuses_is_told_in_its_own_words(press: Engine) -> None:
    with pytest.raises(UsageError, match=r"База отказала: .*nowhere"):
        ask(press, "SELECT 1 FROM nowhere", {})


def test_a_server_that_is_away_is_no_mistake_of_who_asks(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=AWAY):
        answer(Question({"host": str(tmp_path)}, "SELECT 1", {}, 1, 1.0))


@pytest.mark.parametrize("sql", ["DELETE FROM runs", "UPDATE pages SET outcome = 'gone'"])
def test_who_wants_more_than_to_read_is_told_what_to_ask(press: Engine, sql: str) -> None:
    with pytest.raises(UsageError, match=r"^База отказала: здесь только читают\. Задайте один SELECT .* из списка\.$"):
        ask(press, sql, {})


def test_values_that_no_format_has_become_text() -> None:
    assert plain(b"\x01\xff") == "01ff"
    assert plain({"a": 1}) == "{'a': 1}"
    assert [plain(value) for value in (float("inf"), float("nan"), Decimal("NaN"))] == ["inf", "nan", "NaN"]
