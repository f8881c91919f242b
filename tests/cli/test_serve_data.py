"""The views, the ready queries and SQL of one's own, as `armcrawl serve` answers programs on both databases."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.cli.test_serve import ask
from tests.press import EDITED, HOSTILE, HOSTILE_TAG

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
QUERIES = [
    ("found?words=задвижками -57", 47),
    ("article_history?key=armtorg/news/102", 2),
    ("tag_over_time?tag=задвижками", 24),
    ("named_together?tag=Кунгура&kind=", 1),
    ("reprints_of_source?source=Вестника арматурщика", 0),
    ("silent_edits?since=2026-11-01", 1),
    ("completeness_by_month?section=news", 28),
    ("exchange_rates?from=2015-01-01&to=2015-06-30", 12),
]


@pytest.fixture(params=["press_site", "press_reader_site"])
def site(request: pytest.FixtureRequest, press_site: str) -> str:
    """The address of the server over SQLite, and of that over PostgreSQL."""
    del press_site
    address: str = request.getfixturevalue(request.param)
    return address


def told(site: str, path: str) -> dict[str, Any]:
    """Return what JSON says."""
    status, text, _ = ask(site, path)
    assert status == 200, text
    said: dict[str, Any] = json.loads(text)
    return said


def own(sql: str, form: str = ".json") -> str:
    """Return the address of SQL of one's own."""
    return f"/press{form}?sql={quote(sql, safe='')}"


@pytest.mark.parametrize(("path", "expected"), QUERIES)
def test_ready_queries_answer_alike_on_both_databases(
    press_site: str, press_reader_site: str, path: str, expected: int
) -> None:
    name, _, parameters = path.partition("?")
    address = f"/press/{name}.json?{parameters}"
    here, there = told(press_site, address), told(press_reader_site, address)
    assert (len(here["rows"]), here) == (expected, there)


@pytest.mark.parametrize("path", ["/", "/press", "/press/v_articles", "/press/v_versions?sort=read_at&falling=1"])
def test_pages_are_shown_on_both_databases(site: str, path: str) -> None:
    assert ask(site, path)[0] == 200


def test_a_view_goes_on_where_its_page_ended(site: str) -> None:
    path, keys = "/press/v_articles.json?size=20", list[str]()
    while path:
        page = told(site, path)
        keys += [row[page["columns"].index("key")] for row in page["rows"]]
        path = page["next"]
    assert len(keys) == len(set(keys)) == 54


def test_a_file_that_is_not_all_says_where_it_goes_on(press_site: str) -> None:
    _, _, headers = ask(press_site, "/press/v_articles.csv?size=20")
    told_next = told(press_site, "/press/v_articles.json?size=20")["next"].replace(".json", ".csv")
    assert headers["link"] == f'<{told_next}>; rel="next"'


def test_a_view_is_narrowed_by_its_columns(site: str) -> None:
    assert len(told(site, "/press/v_articles.json?section=articles")["rows"]) == 16
    narrowed = "/press/v_articles.json?column=title&test=contains&value=57&column=section&test=is&value=news"
    assert [row[0] for row in told(site, narrowed)["rows"]] == ["armtorg/news/48"]


def table_of(site: str, path: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a file for spreadsheets."""
    status, text, _ = ask(site, path)
    assert status == 200, text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def test_a_table_as_csv_has_all_rows_that_are_shown_in_their_order(site: str) -> None:
    _, page, _ = ask(site, "/press/v_article_tags?sort=tag&falling=1")
    assert 'href="/press/v_article_tags.csv?sort=tag&amp;falling=1">CSV</a>' in page
    rows = table_of(site, "/press/v_article_tags.csv?sort=tag&falling=1")
    assert len(rows) > 100
    assert [row["tag"] for row in rows] == sorted((row["tag"] for row in rows), reverse=True)
    assert len(table_of(site, "/press/v_articles.csv?section=articles")) == 16
    assert len(table_of(site, "/press/v_articles.csv?size=7")) == 7


def test_tables_and_answers_are_files_for_russian_excel_alike_on_both_databases(
    press_site: str, press_reader_site: str
) -> None:
    for path in ("/press/v_articles.excel?sort=published_on", "/press/exchange_rates.excel?from=2015-01-01"):
        here, there = (table_of(site, path, ";") for site in (press_site, press_reader_site))
        assert here == there
    assert here[-1] == {"day": "25.01.2015", "euro": "90,0", "dollar": "80,0", "site": "armtorg"}


def test_a_ready_query_that_finds_nothing_asks_for_parameters_only_where_none_is_given(site: str) -> None:
    assert "Ничего не найдено: укажите параметры." in ask(site, "/press/tag_over_time")[1]
    page = ask(site, "/press/tag_over_time?tag=Кунгура два")[1]
    assert "Ничего не найдено.</p>" in page
    assert f'Похоже: <a href="/press/tag_over_time?tag={quote("Кунгур")}"><bdi>Кунгур</bdi></a>' in page
    assert "Ни одна статья не называет источника" in ask(site, "/press/reprints_of_source?source=Нигде")[1]


def test_a_file_of_a_column_that_is_not_there_is_refused_with_a_sentence(site: str) -> None:
    status, text, _ = ask(site, "/press/v_articles.csv?sort=nowhere")
    assert (status, "Столбца nowhere здесь нет." in text) == (400, True)


def test_sql_of_one_s_own_is_answered(site: str) -> None:
    said = told(site, f"{own('SELECT count(*) AS n FROM v_articles WHERE key IN (found(:words))')}&words=задвижками")
    assert (said["columns"], said["rows"], said["is_cut"]) == (["n"], [[48]], False)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM runs", "WITH x AS (SELECT 1) DELETE FROM runs", "SELECT 1; DROP TABLE runs", "SELEKT 1"]
)
def test_what_is_no_select_is_answered_with_a_sentence(site: str, sql: str) -> None:
    status, text, _ = ask(site, own(sql, ""))
    assert (status, "База отказала" in text, "Traceback" in text) == (400, True, False)


@pytest.mark.parametrize(
    "sql", ["ATTACH DATABASE 'new.db' AS other", "PRAGMA journal_mode = DELETE", "VACUUM INTO 'copy.db'"]
)
def test_sql_cannot_write(press_site: str, press_file: Path, sql: str) -> None:
    assert ask(press_site, own(sql))[0] == 400
    with closing(sqlite3.connect(press_file)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


@pytest.mark.parametrize(
    "sql", ["SELECT a.body FROM v_versions a, v_versions b, v_versions c WHERE a.word_count > 999"]
)
def test_sql_that_would_take_all_memory_is_refused(site: str, sql: str) -> None:
    status, text, _ = ask(site, own(sql))
    assert (status, "слишком велик" in text) == (400, True)


def test_the_pages_are_answered_while_questions_have_no_end(press_site: str) -> None:
    with ThreadPoolExecutor(4) as others:
        asked = [others.submit(ask, press_site, own(ENDLESS)) for _ in range(4)]
        status, _, _ = ask(press_site, "/press/v_articles?size=3")
        still = [one for one in asked if not one.done()]
        assert [one.result()[0] for one in asked] == [400] * 4
    assert status == 200
    # At least one: they have ten seconds, two at a time, and the page may take a part of these.
    assert still


def test_too_many_questions_at_once_are_told_so(press_site: str) -> None:
    with ThreadPoolExecutor(16) as others:
        found = [one[0] for one in others.map(lambda _: ask(press_site, own("SELECT 1")), range(40))]
    assert set(found) <= {200, 503}
    assert 200 in found


@pytest.mark.parametrize("query", ["sort=nowhere", "after=nowhere", "after=[[1]]", "size=x", "size=0", "nowhere=1"])
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_parameters_that_make_no_sense_are_the_reader_s_mistake(press_site: str, query: str, form: str) -> None:
    status, text, _ = ask(press_site, f"/press/v_articles{form}?{query}")
    assert (status, "Traceback" in text) == (400, False)


def test_a_day_that_is_none_is_told(site: str) -> None:
    status, text, _ = ask(site, "/press/silent_edits?since=вчера")
    assert (status, "нужен день" in text) == (400, True)


def test_a_reader_of_postgresql_is_not_shown_what_it_may_not_read(press_reader_site: str) -> None:
    status, text, _ = ask(press_reader_site, "/press/runs")
    assert (status, "этого не показывают" in text) == (403, True)


def test_a_database_without_a_fleet_has_no_page_of_one(site: str) -> None:
    status, text, _ = ask(site, "/fleet")
    assert (status, "нет парка машин" in text) == (404, True)
    assert 'href="/fleet"' not in text


def test_a_row_alone_is_shown_whole(press_site: str) -> None:
    _, text, _ = ask(press_site, f"/press/v_versions?key=armtorg/news/{EDITED}&version=2")
    assert "Пуск намечен на осень." in text
    assert "<dt><code>body</code></dt>" in text


def test_a_cell_of_csv_is_no_formula(press_site: str) -> None:
    _, text, _ = ask(press_site, f"/press/v_article_tags.csv?key=armtorg/news/{HOSTILE}")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["tag"] == f"'{HOSTILE_TAG}"


def test_a_long_article_goes_through_csv_whole(press_site: str) -> None:
    _, text, _ = ask(press_site, own("SELECT max(length(body)) AS longest, body FROM v_articles", ".csv"))
    before = csv.field_size_limit(10_000_000)
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    csv.field_size_limit(before)
    assert len(row["body"]) == int(row["longest"]) > 1_000_000


def test_every_view_is_explained_in_two_languages(press_site: str) -> None:
    _, text, _ = ask(press_site, "/press/v_sources")
    assert "Кого называют строки об источнике" in text
    assert "Whom attribution lines name" in text
