"""`armcrawl add`: single pages of any host. One server stands in for all hosts, as a proxy does."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.server import serving_handler
from tests.cli.test_crawl_all import set_up
from tests.cli.test_sites import NEWEST, answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

PAGE = """<html><head><title>{title}</title></head><body><nav><a href="/">Главная</a></nav>
<h1>{title}</h1><p>14 мая 2019</p><p>{text}</p>
<p>Подробности <a href="http://kran.example/novosti/8">у соседей</a>, которые начали раньше.</p></body></html>"""
FIRST = "Задвижки испытали водой"
TEXTS = {
    FIRST: "На участке собрали двадцать клиновых задвижек для водоканала и каждую держали под водой.",
    "Стенд в пятом цехе пустили": "Насосы нового стенда дают шестьсот атмосфер, чего хватит для арматуры на много лет.",
    "Стенд в шестом цехе разобрали": "Оборудование отслужило тридцать лет, и слесари вывезли его за два выходных дня.",
    "Краны проверили воздухом": "Шаровые краны прошли проверку сжатым воздухом: пузырьков контролёры не увидели.",
}


def page(title: str) -> str:
    return PAGE.format(title=title, text=TEXTS[title])


PAGES = {
    "zavod.example/novosti/5/": page(FIRST),
    "zavod.example/view.php?id=5": page("Стенд в пятом цехе пустили"),
    "zavod.example/view.php?id=6": page("Стенд в шестом цехе разобрали"),
    "zavod.example/kontakty": "<html><head><title>Контакты</title></head><body><h1>Контакты</h1></body></html>",
    "kran.example/novosti/7": page("Краны проверили воздухом"),
    "kran.example/robots.txt": "User-agent: *\nDisallow: /zakryto/\n",
}
KEYS = ["any/pages/kran.example/novosti/7", "any/pages/zavod.example/novosti/5"]
KEYS += ["any/pages/zavod.example/view.php?id=5", "any/pages/zavod.example/view.php?id=6"]
URLS = (
    "http://www.zavod.example/novosti/5/?utm_source=mail#top",
    "http://zavod.example/view.php?id=5",
    "http://zavod.example/view.php?id=6",
)


@contextmanager
def web_of(pages: Mapping[str, str], asked: list[str]) -> Iterator[dict[str, str]]:
    """Serve pages of all hosts, and yield the environment in which they are found."""

    async def respond(request: web.Request) -> web.Response:
        address = f"{request.host}{request.rel_url.path_qs}"
        asked.append(address)
        if text := pages.get(address.removeprefix("www.")):
            return web.Response(text=text, content_type="text/plain" if address.endswith(".txt") else "text/html")
        return web.Response(status=500 if request.path == "/upal" else 404)

    with serving_handler(respond) as url:
        yield {"http_proxy": url, "no_proxy": "127.0.0.1", "ARMCRAWL_CONTACT": "editor@zavod.example"}


@pytest.fixture
def pages() -> dict[str, str]:
    return dict(PAGES)


@pytest.fixture
def told(pages: dict[str, str], asked: list[str]) -> Iterator[dict[str, str]]:
    with web_of(pages, asked) as environment:
        yield environment


@pytest.fixture
def quick(database: str) -> tuple[str, ...]:
    """Options of a run on a machine of one's own."""
    return ("--database", database, "--delay", "0", "--impolite")


def test_pages_of_any_host_are_stored_asked_for_once_and_as_good_as_all_others(
    armcrawl: Command,
    told: dict[str, str],
    asked: list[str],
    pages: dict[str, str],
    quick: tuple[str, ...],
    query: Query,
) -> None:
    done = armcrawl("add", *URLS, "-", *quick, stdin="# соседи\nhttp://kran.example/novosti/7\n", **told)
    assert done.code == 0, done.err
    keys = "SELECT key FROM v_articles ORDER BY key"
    assert [key for (key,) in query(keys)] == KEYS
    assert query("SELECT address FROM pages WHERE external_id LIKE '%novosti/5'") == [
        ("http://www.zavod.example/novosti/5/",)
    ]
    assert {address for address in asked if address.endswith("robots.txt")} == {
        f"{host}/robots.txt" for host in ("kran.example", "www.zavod.example", "zavod.example")
    }

    asked.clear()
    again = armcrawl("add", *URLS, *quick, **told)
    assert (again.code, asked) == (0, [])
    assert again.out.count("is held already") == len(URLS)

    base = quick[:2]
    assert FIRST in armcrawl("show", "https://zavod.example/novosti/5", *base).out
    assert KEYS[1] in armcrawl("search", "двадцать задвижек", *base).out
    assert "Read otherwise: 0." in armcrawl("reparse", *base).out

    pages["zavod.example/novosti/5/"] = page(FIRST).replace("двадцать", "сорок")
    assert armcrawl("recheck", "http://zavod.example/novosti/5", *base).code == 0
    assert armcrawl("crawl", "--all", *quick, **told).code == 0
    assert asked == ["www.zavod.example/robots.txt", "www.zavod.example/novosti/5/"]
    assert query("SELECT count(*) FROM article_versions") == [(len(KEYS) + 1,)]

    gone = armcrawl("remove", URLS[1], "--reason", "по просьбе завода", "--apply", *base)
    assert gone.code == 0, gone.err
    refused = armcrawl("add", URLS[1], *quick, **told)
    assert refused.code == 1
    assert "never asked for again" in refused.err
    assert [key for (key,) in query(keys)] == [key for key in KEYS if not key.endswith("id=5")]


def test_what_is_not_stored_is_told_page_by_page_and_failures_are_tried_again(
    armcrawl: Command, told: dict[str, str], asked: list[str], quick: tuple[str, ...], query: Query
) -> None:
    wrong = {
        "http://zavod.example/net": "missing: status 404",
        "http://zavod.example/kontakty": "service page",
        "http://kran.example/zakryto/1": "Forbidden by robots.txt",
        "http://upal.example/upal": "status 500",
    }
    done = armcrawl("add", *wrong, URLS[1], *quick, **told)
    assert done.code == 1
    assert "Traceback" not in done.err
    said = [line for line in done.err.splitlines() if "is not stored" in line]
    assert len(said) == len(wrong)
    for address, reason in wrong.items():
        assert any(address in line and reason in line for line in said), (address, done.err)
    assert query("SELECT key FROM v_articles") == [(KEYS[2],)]
    assert "kran.example/zakryto/1" not in asked

    asked.clear()
    armcrawl("crawl", "any", *quick, **told)
    assert {address for address in asked if not address.endswith("robots.txt")} == {"upal.example/upal"}


@pytest.mark.parametrize(
    "address",
    [
        *("zavod.example/5", "ftp://zavod.example/5", "http://127.0.0.1/5", "http://zavod/5"),
        "https://armtorg.ru/photo/5",  # of a known site
    ],
)
def test_an_address_of_no_public_page_is_refused_before_anything_is_asked(
    armcrawl: Command, address: str, tmp_path: Path
) -> None:
    done = armcrawl("add", address)
    assert done.code == 2
    assert done.err.startswith(f"armcrawl: {address} is ")
    assert done.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_page_of_a_known_site_comes_to_that_site(
    armcrawl: Command, told: dict[str, str], quick: tuple[str, ...], query: Query, tmp_path: Path
) -> None:
    with serving_handler(answering(NEWEST)) as server:
        told |= set_up(tmp_path, ventil=server)
        done = armcrawl("add", "https://www.ventil.example/novosti/3?a=1", URLS[1], *quick, **told)
    assert done.code == 0, done.err
    assert query("SELECT key FROM articles ORDER BY key") == [(KEYS[2],), ("ventil/news/3",)]
    assert "any/pages/zavod.example/view.php?id=5 is stored." in done.out


def test_an_archive_gives_its_articles_of_hosts_that_no_site_has(
    armcrawl: Command, told: dict[str, str], quick: tuple[str, ...], tmp_path: Path
) -> None:
    assert armcrawl("add", *URLS, "http://zavod.example/kontakty", *quick, **told).code == 1
    other = f"sqlite:///{tmp_path}/other.db"
    done = armcrawl("backfill", "any", "--warc", str(tmp_path / "test-archive"), "--database", other)
    assert done.code == 0, done.err
    assert "stored 3" in done.out
    assert "no article 1" in done.out
    status = json.loads(armcrawl("status", "--json", "--database", other).out)
    assert [(one["section"], one["outcomes"]) for one in status["sections"]] == [("pages", {"stored": 3})]
    assert armcrawl("backfill", "--warc", str(tmp_path / "test-archive"), "--plan").out.endswith(
        "0 captures would be imported.\n"
    )


@pytest.mark.parametrize("command", [("trial", "any"), ("backfill", "any", "--all"), ("backfill", "any", "--wayback")])
def test_what_needs_a_site_is_refused_in_a_sentence(armcrawl: Command, command: tuple[str, ...]) -> None:
    done = armcrawl(*command, ARMCRAWL_CONTACT="editor@zavod.example")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
