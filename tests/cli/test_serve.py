"""`armcrawl serve` as a user starts it, and what its pages answer to programs."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from armcrawl.analysis.serving.paths import article_path
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.conftest import COMMAND_SECONDS
from tests.press import serving
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
    form, _, _ = ask(press_site, "/search?q=завод")[1].partition("</form>")
    assert "hidden" not in form


def test_a_search_that_finds_nothing_names_others_and_what_was_left_out(press_site: str) -> None:
    _, page, _ = ask(press_site, "/search?q=pfdjl №")
    assert "Ничего не найдено" in page
    assert "Другая раскладка" in page
    assert "<bdi>завод №</bdi>" in page
    assert "Не учтено, так как ничего не значит: №" in page


@pytest.mark.parametrize(
    "path", ["/", "/search?q=завод", "/static/serve.css", "/press", "/press/v_articles.json", "/no"]
)
def test_no_answer_allows_a_script(press_site: str, path: str) -> None:
    _, _, headers = ask(press_site, path)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/search", "/press", "/press/articles", "/no"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_there_is_no_way_to_write(press_site: str, path: str, method: str) -> None:
    assert ask(press_site, path, method)[0] == 405


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
    request = Request(f"{press_site}/", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError) as refused:
        urlopen(request)
    refused.value.close()
    assert refused.value.code == 421


def test_a_search_of_signs_alone_is_answered_with_a_sentence(press_site: str) -> None:
    status, text, _ = ask(press_site, "/search?q=!!!")
    assert (status, "Искать здесь нечего" in text) == (400, True)


@pytest.mark.parametrize("query", ["year=x", "page=0", "page=101", "year=99999999999999999999", "q=" + "я" * 1_001])
def test_an_address_that_makes_no_sense_is_answered_with_a_sentence(press_site: str, query: str) -> None:
    status, text, _ = ask(press_site, f"/search?{query}")
    assert (status, "Traceback" in text) == (400, False)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ("/press.json?sql=select+1", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/press?sql=select+1", CLICKED, 403),
        ("/press?sql=select+1", {"Referer": "http://evil.example/"}, 403),
        ("/", CLICKED, 200),
        ("/press?sql=select+1", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("/press?sql=select+1", {"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_no_page_of_another_site_can_ask(press_site: str, path: str, headers: dict[str, str], status: int) -> None:
    assert ask(press_site, path, headers=headers)[0] == status


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


def test_what_is_not_installed_is_told(armcrawl: Command, press_file: Path) -> None:
    without = "import sys; sys.modules['starlette'] = None; from armcrawl.cli import main; main()"
    done = armcrawl("serve", "--database", f"sqlite:///{press_file}", script=without)
    assert (done.code, done.err) == (
        2,
        "armcrawl: The pages need Starlette: install armcrawl[analysis] (in a checkout: `make extras`).\n",
    )
