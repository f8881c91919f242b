"""`armcrawl sites new` and `sites check`: declarations of sites that nobody has described."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from sqlalchemy import select

from armcrawl.discovery.drafting.survey import MAX_REQUESTS
from armcrawl.sample.articles import load_sample
from armcrawl.sample.press.articles import ZONE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.portal import MARKUPS, PressPortal
from armcrawl.sample.server import serving_handler, serving_press
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.schema import pages

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]

NOW = datetime(2025, 4, 17, 12, 0, tzinfo=ZONE)
SINCE = date(2025, 4, 1)
OPTIONS = ("--delay", "0", "--concurrency", "4", "--database", "sqlite:///new.db")


def stored(tmp_path: Path) -> set[str]:
    """Return the ids of all stored pages, with the last part of their section's path."""
    engine = open_database(f"sqlite:///{tmp_path}/new.db", create=False)
    with reading(engine) as connection:
        rows = connection.execute(select(pages.c.section, pages.c.external_id).where(pages.c.outcome == "stored"))
        found = {f"{section}/{external_id}" for section, external_id in rows}
    engine.dispose()
    return found


def test_the_numbered_portal_is_found_whole_by_its_draft(
    armcrawl: Command, tmp_path: Path, portal: str, requests: list[str]
) -> None:
    done = armcrawl("sites", "new", portal, "--output", "sites/found.toml")
    assert done.code == 0, done.err
    assert len(requests) <= MAX_REQUESTS
    done = armcrawl("crawl", "found", *OPTIONS)
    assert done.code == 0, done.err
    right = {f"{key.section}/{key.external_id}" for key in load_sample().articles}
    found = stored(tmp_path)
    assert len(found & right) >= 0.98 * len(right)
    assert found <= right


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_press_is_found_whole_by_its_draft(armcrawl: Command, tmp_path: Path, markup: str) -> None:
    asked: list[str] = []
    press = PressPortal(markup, Chronicle(SINCE))
    with serving_press(markup, now=lambda: NOW, chronicle=Chronicle(SINCE), log=asked) as url:
        done = armcrawl("sites", "new", url, "--output", "sites/found.toml")
        assert done.code == 0, done.err
        assert len(asked) <= MAX_REQUESTS
        done = armcrawl("crawl", "found", *OPTIONS)
        assert done.code == 0, done.err
    shown = {one.key.external_id for one in press.seen([NOW]).values() if one.outcome == "stored"}
    found = {external_id.partition("/")[2] for external_id in stored(tmp_path)}
    assert len(found & shown) >= 0.98 * len(shown)
    assert found <= shown


def test_a_declaration_that_fits_passes_its_check(armcrawl: Command, portal: str, requests: list[str]) -> None:
    done = armcrawl("sites", "check", "armtorg", "--base-url", portal)
    assert done.code == 0, done.out
    assert "fits" in done.out
    assert len(requests) <= MAX_REQUESTS


def test_a_declaration_that_no_page_fits_to_fails_its_check(armcrawl: Command, portal: str) -> None:
    done = armcrawl("sites", "check", "valverus", "--base-url", portal)
    assert done.code == 1
    assert "articles of the form /news/{id:int} are in no section" in done.out


def serve(answer: str, status: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def respond(request: web.Request) -> web.Response:
        if request.path != "/":
            return web.Response(status=404)
        return web.Response(text=answer, status=status, content_type="text/html")

    return respond


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        ("<html><script></script><script></script><div id=app></div>", 200, "scripts"),
        ("<html><h1>Доступ запрещён</h1>", 403, "cannot be read"),
        (
            "<html><h1>Завод «Вентиль»</h1><p>Мы делаем краны с 1931 года.</p><a href=/o-nas>О нас</a>",
            200,
            "no articles",
        ),
    ],
)
def test_a_site_without_articles_is_one_sentence(
    armcrawl: Command, tmp_path: Path, page: str, status: int, said: str
) -> None:
    with serving_handler(serve(page, status)) as url:
        done = armcrawl("sites", "new", url)
    assert done.code == 1
    assert said in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "sites").exists()


def test_a_known_site_is_not_drafted_again(armcrawl: Command) -> None:
    done = armcrawl("sites", "new", "https://armtorg.ru/news/")
    assert done.code == 2
    assert "declared already" in done.err


def test_a_file_that_is_there_is_not_overwritten(armcrawl: Command, tmp_path: Path, portal: str) -> None:
    (tmp_path / "mine.toml").write_text("mine", encoding="utf-8")
    done = armcrawl("sites", "new", portal, "--output", "mine.toml")
    assert done.code == 2
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "mine"
