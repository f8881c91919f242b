"""`armcrawl serve` as a user starts it, and what its pages answer to programs."""

from __future__ import annotations

import csv
import io
import json
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from armcrawl.analysis.serving.datasette_plugin import article_path
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.conftest import COMMAND_SECONDS
from tests.press import HOSTILE, HOSTILE_TAG, serving
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from email.message import Message
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]


# A link on another site that somebody follows.
CLICKED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def ask(
    site: str, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, str, Message]:
    """Return status, text and headers of an answer."""
    request = Request(site + quote(path, safe="/?&=:%+"), method=method, headers=dict(headers or {}))
    try:
        with urlopen(request, timeout=COMMAND_SECONDS) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except HTTPError as error:
        return error.code, error.read().decode(), error.headers


def test_other_words_keep_what_is_narrowed(press_site: str) -> None:
    _, page, _ = ask(press_site, "/search?q=завод&year=2015")
    assert '<input type="hidden" name="year" value="2015">' in page
    assert "hidden" not in ask(press_site, "/search?q=завод")[1]


def test_a_search_that_finds_nothing_names_others_and_what_was_left_out(press_site: str) -> None:
    _, page, _ = ask(press_site, "/search?q=pfdjl №")
    assert "Ничего не найдено" in page
    assert "Другая раскладка" in page
    assert "<bdi>завод №</bdi>" in page
    assert "Не учтено, так как ничего не значит: №" in page


@pytest.mark.parametrize(
    "path", ["/", "/search?q=завод", "/press", "/press/v_articles", "/press/v_articles.json", "/no"]
)
def test_no_answer_allows_a_script(press_site: str, path: str) -> None:
    _, _, headers = ask(press_site, path)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/press", "/press/articles", "/press/articles/1", "/-/messages", "/-/logout"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_there_is_no_way_to_write(press_site: str, path: str, method: str) -> None:
    assert ask(press_site, path, method)[0] == 405


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM runs",
        "WITH x AS (SELECT 1) DELETE FROM runs",
        "ATTACH DATABASE 'new.db' AS other",
        "SELECT 1; DROP TABLE runs",
        "PRAGMA journal_mode = DELETE",
        "VACUUM INTO 'copy.db'",
    ],
)
def test_sql_cannot_write(press_site: str, press_file: Path, sql: str) -> None:
    status, _, _ = ask(press_site, f"/press.json?sql={quote(sql, safe='')}")
    assert status == 400
    with closing(sqlite3.connect(press_file)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_the_store_refuses_to_write_by_the_same_engine(press_file: Path) -> None:
    from sqlalchemy import text

    from armcrawl.errors import DatabaseError
    from armcrawl.store.base.database import open_read_only

    engine = open_read_only(f"sqlite:///{press_file}")
    with engine.connect() as connection, pytest.raises(DatabaseError, match="readonly"):
        connection.execute(text("DELETE FROM runs"))
    engine.dispose()


def test_what_a_crawl_writes_is_found_at_once_and_waits_for_nobody(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/live.db"
    engine = open_database(database)
    write_batch(engine, [stored(1)], None)
    with serving(database) as site:
        with engine.begin():  # a writer in the middle of its transaction
            assert "Найдено: 1" in ask(site, "/search?q=завод")[1]
        write_batch(engine, [stored(2, title="Завод «Вега» сменил имя")], None)
        assert "Найдено: 2" in ask(site, "/search?q=завод")[1]
        added = PageKey("any", "pages", "zavod.example/цех.php?id=5")
        write_batch(engine, [replace(stored(3, title="Стенд пустили"), key=added)], None)
        path = article_path(str(added))
        assert f'href="{path}"' in ask(site, "/search?q=стенд")[1]
        assert "Стенд пустили" in ask(site, path)[1]
    engine.dispose()


def test_a_name_that_leads_here_is_not_answered(press_site: str) -> None:
    request = Request(f"{press_site}/press.json?sql=select+1", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    refused.value.close()
    assert refused.value.code == 421


def test_json_of_lines_is_left_as_it_is(press_site: str) -> None:
    with urlopen(f"{press_site}/press.json?sql=select+1+as+a,'x,y'+as+b&_shape=array&_nl=on") as answer:
        assert json.loads(answer.read()) == {"a": 1, "b": "x,y"}


def test_a_search_of_signs_alone_is_answered_with_a_sentence(press_site: str) -> None:
    status, text, _ = ask(press_site, "/search?q=!!!")
    assert (status, "There is no word to look for" in text) == (400, True)


@pytest.mark.parametrize("query", ["year=x", "page=0", "page=101", "year=99999999999999999999", "q=" + "я" * 1_001])
def test_an_address_that_makes_no_sense_is_answered_with_a_sentence(press_site: str, query: str) -> None:
    status, text, _ = ask(press_site, f"/search?{query}")
    assert (status, "Traceback" in text) == (400, False)


@pytest.mark.parametrize(
    "query",
    [
        "_sort=nowhere",
        "_sort_desc=nowhere",
        "_sort=title&_sort_desc=title",
        "_next=nowhere",
        "_timelimit=x",
        "_through=x",
    ],
)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_parameters_that_make_no_sense_are_the_reader_s_mistake(press_site: str, query: str, form: str) -> None:
    status, text, _ = ask(press_site, f"/press/v_articles{form}?{query}")
    assert (status, "Traceback" in text) == (400, False)


@pytest.mark.parametrize(
    "sql",
    [
        "select length(hex(zeroblob(300000000)))",
        "select replace(hex(zeroblob(3000000)), '0', '0123456789')",
        "with recursive c(x) as (select 1 union all select x %2B 1 from c limit 900) select hex(zeroblob(1e5)) from c",
        "select 1 where 'а' like '" + "%" * 2_000 + "'",
    ],
)
def test_sql_that_would_take_all_memory_is_refused(press_site: str, sql: str) -> None:
    status, text, _ = ask(press_site, f"/press.json?sql={sql}")
    assert (status, "too" in text or "more than" in text) == (400, True)


def test_the_pages_are_answered_while_questions_have_no_end(press_site: str) -> None:
    endless = "/press.json?sql=with recursive c(x) as (select 1 union all select x %2B 1 from c) select count(*) from c"
    with ThreadPoolExecutor(4) as others:
        asked = [others.submit(ask, press_site, f"{endless}&_timelimit=4000") for _ in range(4)]
        status, _, _ = ask(press_site, "/press/v_articles?_size=3")
        still = [one for one in asked if not one.done()]
        assert [one.result()[0] for one in asked] == [400] * 4
    assert status == 200
    # At least one: they have four seconds, and the page may take a part of these.
    assert still


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ("/press.json?sql=select+1", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/press/v_articles?_where=1", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "image"}, 403),
        ("/press?sql=select+1", CLICKED, 403),
        ("/press?sql=select+1", {"Referer": "http://evil.example/"}, 403),
        ("/", CLICKED, 200),
        ("/press?sql=select+1", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("/press?sql=select+1", {"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_no_page_of_another_site_can_ask(press_site: str, path: str, headers: dict[str, str], status: int) -> None:
    assert ask(press_site, path, headers=headers)[0] == status


def test_a_cell_of_csv_is_no_formula(press_site: str) -> None:
    _, text, _ = ask(press_site, f"/press/v_article_tags.csv?key=armtorg/news/{HOSTILE}&_size=max")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["tag"] == f"'{HOSTILE_TAG}"


def test_a_long_article_goes_through_csv_whole(press_site: str) -> None:
    _, text, _ = ask(press_site, "/press.csv?sql=SELECT max(length(body)) AS longest, body FROM v_articles")
    before = csv.field_size_limit(10_000_000)
    (row,) = csv.DictReader(io.StringIO(text))
    csv.field_size_limit(before)
    assert len(row["body"]) == int(row["longest"]) > 1_000_000


def test_every_table_and_column_is_explained_in_two_languages(press_site: str) -> None:
    _, text, _ = ask(press_site, "/press/v_sources")
    assert "Кого называют строки об источнике и как часто" in text
    assert "Whom attribution lines name, and how often" in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("found?words=задвижками -57", 47),
        ("article_history?key=armtorg/news/102", 2),
        ("tag_over_time?tag=задвижками", 24),
        ("named_together?tag=Кунгура&kind=", 1),
        ("reprints_of_source?source=Вестника арматурщика", 0),
        ("silent_edits?since=2026-11-01", 1),
        ("completeness_by_month?section=articles", 16),
        ("exchange_rates?from=2015-01-01&to=2015-06-30", 12),
    ],
)
def test_queries_answer_with_rows(press_site: str, path: str, expected: int) -> None:
    name, _, parameters = path.partition("?")
    status, text, _ = ask(press_site, f"/press/{name}.json?{parameters}&_shape=array")
    assert (status, len(json.loads(text))) == (200, expected)


def test_a_port_that_is_in_use_is_told(armcrawl: Command, press_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = armcrawl("serve", "--port", str(port), "--database", f"sqlite:///{press_file}")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"armcrawl: Port {port} is in use: name another with --port, or 0 for any free one.\n"


def test_an_address_that_is_not_ours_is_told(armcrawl: Command, press_file: Path) -> None:
    done = armcrawl("serve", "--host", "192.0.2.1", "--port", "0", "--database", f"sqlite:///{press_file}")
    assert done.code == 1
    assert done.err.startswith("armcrawl: 192.0.2.1:0 cannot be listened on")


def test_a_database_that_is_not_there_is_told(armcrawl: Command, tmp_path: Path) -> None:
    done = armcrawl("serve", "--database", f"sqlite:///{tmp_path}/none.db")
    assert done.code == 1
    assert done.err.startswith(f"armcrawl: There is no database at {tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()


def test_postgresql_is_shown_by_a_copy(armcrawl: Command) -> None:
    done = armcrawl("serve", "--database", "postgresql://reader:geheim@db.example.org/armcrawl")
    assert done.code == 2
    assert "armcrawl db copy" in done.err
    assert "geheim" not in done.err


def test_what_is_not_installed_is_told(armcrawl: Command, press_file: Path) -> None:
    without = "import sys; sys.modules['datasette'] = None; from armcrawl.cli import main; main()"
    done = armcrawl("serve", "--database", f"sqlite:///{press_file}", script=without)
    assert (done.code, done.err) == (
        2,
        "armcrawl: The pages need Datasette: install armcrawl[analysis] (in a checkout: `make extras`).\n",
    )


def test_a_path_that_datasette_would_misread_is_told(armcrawl: Command, press_file: Path, tmp_path: Path) -> None:
    (tmp_path / "20%.db").write_bytes(press_file.read_bytes())
    done = armcrawl("serve", "--database", f"sqlite:///{tmp_path}/20%25.db")
    assert done.code == 2
    assert "rename it" in done.err
