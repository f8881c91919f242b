"""Sites that somebody declared, with no line of code for them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.server import serving_handler
from tests.cli.conftest import SCRAPY
from tests.packages import write_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from armcrawl.sample.server import Handler
    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

VENTIL = """
name = "ventil"
hosts = ["ventil.example"]
zone = "Asia/Yekaterinburg"
own_names = ["Вентиль"]

[[sections]]
name = "news"
listing = "/novosti/"
addresses = ["/novosti/{id:int}"]
"""
# Of how many articles: few, or enough for the checks of a run.
NEWEST, MANY = 4, 12
PAGE = """<html><head><title>Завод № {number} отгрузил партию задвижек</title></head><body>
<h1>Завод № {number} отгрузил партию задвижек</h1><p>3{number} минут назад</p>
<p>Партия из двадцати {number} клиновых задвижек отправлена заказчику по железной дороге, сообщил завод № {number}.</p>
<p>Следующую отгрузку намечено провести через {number} недели, когда будет готова упаковка.</p>
<p>Пресс-служба портала Вентиль по материалам завода «Вымпел»</p></body></html>"""
FAST = ("--delay", "0", "--concurrency", "4")
LISTED = """
from armcrawl.sites import PageKey
from armcrawl.store.ledger.ledger import Due


class Listed:
    witness = None

    def __init__(self, access, declared):
        self.access = access

    async def due(self, goal):
        for address in await self.access.entry_addresses():
            if key := self.access.site.identify(address):
                yield Due(key)

    @classmethod
    def check(cls, site, declared):
        pass

    @classmethod
    def sample(cls, site, sections, linked, number):
        return [address for address in linked if site.identify(address)][:number]

    @classmethod
    def completeness(cls, engine, site):
        return []
"""


def answering(newest: int) -> Handler:
    """Return what answers as a site does that numbers its pages, and shows the newest two on its listing."""

    async def respond(request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if request.path in {"/", "/novosti/"}:
            links = "".join(f'<p><a href="/novosti/{n}">Завод № {n}</a></p>' for n in (newest, newest - 1))
            return web.Response(text=f"<html><body>{links}</body></html>", content_type="text/html")
        if name.isdecimal() and int(name) <= newest:
            return web.Response(text=PAGE.format(number=name), content_type="text/html")
        return web.Response(status=404)

    return respond


@pytest.fixture
def ventil() -> Iterator[str]:
    """Its server."""
    with serving_handler(answering(NEWEST)) as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder outside the package that declares it."""
    declared = tmp_path / "declared"
    declared.mkdir()
    (declared / "ventil.toml").write_text(VENTIL, encoding="utf-8")
    return declared


def test_a_counted_site_of_ones_own_is_crawled(
    armcrawl: Command, ventil: str, folder: Path, database: str, query: Query
) -> None:
    options = ("--base-url", ventil, "--database", database, *FAST)
    done = armcrawl("crawl", "ventil", *options, ARMCRAWL_SITES=str(folder))
    assert done.code == 0, done.err
    assert query("SELECT key FROM articles ORDER BY key") == [(f"ventil/news/{number}",) for number in range(1, 5)]
    assert query("SELECT DISTINCT site, outcome FROM pages WHERE number <= 4") == [("ventil", "stored")]
    assert query("SELECT DISTINCT source FROM v_sources") == [("завод «Вымпел»",)]
    told = armcrawl("status", "--json", "--database", database, ARMCRAWL_SITES=str(folder))
    assert [(one["site"], one["head"], one["complete"]) for one in json.loads(told.out)["sections"]] == [
        ("ventil", 4, 1)
    ]


def test_what_a_declaration_promises_is_judged_in_the_first_run(
    armcrawl: Command, folder: Path, database: str, query: Query
) -> None:
    (folder / "ventil.toml").write_text(VENTIL + "\n[bounds]\nimages = 0.5\n", encoding="utf-8")
    with serving_handler(answering(MANY)) as url:
        options = ("--base-url", url, "--database", database, *FAST)
        done = armcrawl("crawl", "ventil", *options, ARMCRAWL_SITES=str(folder))
    assert done.code == 3, done.err
    assert "12 of 12 pages have no images" in done.err
    assert query("SELECT count(*) FROM v_articles") == [(0,)]


def test_a_site_whose_declaration_is_gone_is_still_told_of(
    armcrawl: Command, ventil: str, folder: Path, database: str
) -> None:
    options = ("--base-url", ventil, "--database", database, *FAST)
    assert armcrawl("crawl", "ventil", *options, ARMCRAWL_SITES=str(folder)).code == 0
    told = armcrawl("status", "--json", "--database", database)
    assert [(one["site"], one["head"]) for one in json.loads(told.out)["sections"]] == [("ventil", 4)]


def test_every_command_that_takes_a_site_asks_that_one(armcrawl: Command, ventil: str, folder: Path) -> None:
    sites = str(folder)
    trial = armcrawl("trial", "ventil", "--pages", "3", "--base-url", ventil, ARMCRAWL_SITES=sites)
    assert trial.code == 0, trial.err
    assert f"{ventil}/novosti/4" in trial.out
    shown = armcrawl("inspect", f"{ventil}/novosti/2", "--site", "ventil", "--base-url", ventil, ARMCRAWL_SITES=sites)
    assert "Завод № 2 отгрузил партию задвижек" in shown.out
    doctor = armcrawl("doctor", "ventil", "--base-url", ventil, ARMCRAWL_SITES=sites)
    assert f"{ventil}/novosti/4 answers" in doctor.out


def test_scrapy_knows_the_declared_sites_and_no_spider_of_ours(armcrawl: Command, folder: Path, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "scrapy.cfg", tmp_path)
    done = armcrawl("list", script=SCRAPY, ARMCRAWL_SITES=str(folder))
    assert done.out.split() == ["any", "armavest", "armtorg", "valverus", "ventil"]


def test_a_declaration_that_is_wrong_is_one_sentence(armcrawl: Command, folder: Path) -> None:
    (folder / "ventil.toml").write_text(VENTIL.replace("{id:int}", "{idd}"), encoding="utf-8")
    done = armcrawl("crawl", "ventil", ARMCRAWL_SITES=str(folder))
    assert done.code == 2
    assert "ventil.toml, line 10: '/novosti/{idd}' has a field {idd}" in done.err
    assert "Traceback" not in done.err


def test_a_discovery_from_another_package_finds_the_pages(
    armcrawl: Command, ventil: str, folder: Path, tmp_path: Path, database: str, query: Query
) -> None:
    write_package(tmp_path, LISTED)
    declared = VENTIL.replace("[[sections]]", '[[discovery]]\nkind = "listed"\n\n[[sections]]')
    (folder / "ventil.toml").write_text(declared, encoding="utf-8")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom armcrawl.cli import main\nmain()"
    options = ("--base-url", ventil, "--database", database, *FAST)
    done = armcrawl("crawl", "ventil", *options, script=script, ARMCRAWL_SITES=str(folder))
    assert done.code == 0, done.err
    assert query("SELECT key FROM articles ORDER BY key") == [("ventil/news/3",), ("ventil/news/4",)]


def test_a_kind_that_nobody_registered_is_one_sentence(
    armcrawl: Command, ventil: str, folder: Path, database: str
) -> None:
    declared = VENTIL.replace("[[sections]]", '[[discovery]]\nkind = "tides"\n\n[[sections]]')
    (folder / "ventil.toml").write_text(declared, encoding="utf-8")
    done = armcrawl("crawl", "ventil", "--base-url", ventil, "--database", database, ARMCRAWL_SITES=str(folder))
    assert done.code == 2
    assert "There is no kind of discovery 'tides': the kinds are added, counted, feed" in done.err
    assert "Traceback" not in done.err


def test_a_site_is_shown_as_it_counts(
    armcrawl: Command, ventil: str, folder: Path, database: str, tmp_path: Path
) -> None:
    (tmp_path / "armcrawl.toml").write_text("[site.ventil]\nmax_time = 60\n", encoding="utf-8")
    told = {"ARMCRAWL_SITES": str(folder), "ARMCRAWL_CONFIG": str(tmp_path / "armcrawl.toml")}
    assert armcrawl("sites", "show", "ventil", "--database", database, **told).out.endswith(
        "There is no database yet.\n"
    )
    assert armcrawl("crawl", "ventil", "--base-url", ventil, "--database", database, *FAST, **told).code == 0
    shown = json.loads(armcrawl("sites", "show", "ventil", "--json", "--database", database, **told).out)
    assert shown["file"] == str(folder / "ventil.toml")
    assert shown["sections"][0]["examples"] == ["/novosti/1"]
    assert shown["options"]["max_time"] == {"value": 60, "from": f"{tmp_path / 'armcrawl.toml'}, line 2"}
    assert shown["held"]["news"]["stored"] == NEWEST
    listed = json.loads(armcrawl("sites", "list", "--json", **told).out)
    assert {one["name"]: (Path(one["file"]).parent.name, one["verified"]) for one in listed} == {
        "any": ("sites", True),
        "armavest": ("sites", False),
        "armtorg": ("sites", True),
        "valverus": ("sites", False),
        "ventil": ("declared", True),
    }


def test_who_names_no_site_and_has_declared_one_is_told_which_is_meant(armcrawl: Command, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "ventil.toml").write_text(VENTIL, encoding="utf-8")
    done = armcrawl("trial", "--base-url", "http://127.0.0.1:9")
    assert "no SITE is named, so armtorg is meant" in done.err
    assert "ventil" in done.err
    named = armcrawl("trial", "ventil", "--base-url", "http://127.0.0.1:9")
    assert "no SITE is named" not in named.err
