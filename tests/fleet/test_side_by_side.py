"""Many sites in one database: work on all of them goes on beside crawls, and their order makes no difference."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.articles import load_sample
from tests.fleet.conftest import SITE
from tests.fleet.world import world
from tests.postgresql import Databases
from tests.rows import rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from armcrawl.sample.server import Handler
    from tests.fleet.world import World
    from tests.postgresql import OwnServer

SITES, ARTICLES, KILLS = 6, 10, 4
TEXTS = list(load_sample().articles.values())[:30]


def shown_by(site: int) -> Handler:
    """Return what answers as a site whose texts others print too, with tags and sources in other forms."""

    async def respond(request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if request.path in {"/", "/novosti/"}:
            links = "".join(f'<p><a href="/novosti/{n}">Запись {n}</a></p>' for n in (ARTICLES, ARTICLES - 1))
            return web.Response(text=f"<html><body>{links}</body></html>", content_type="text/html")
        if not name.isdecimal() or int(name) > ARTICLES:
            return web.Response(status=404)
        number = int(name)
        text = TEXTS[(site * 3 + number * 7) % len(TEXTS)]
        tags = ", ".join(tag.printed if site % 2 else tag.name for tag in text.tags)
        body = "".join(f"<p>{one}</p>" for one in text.paragraphs)
        page = (
            f'<html><head><title>{text.title}</title><meta name="keywords" content="{tags}"></head><body>'
            f"<h1>{text.title}</h1><p>{number + site % 3 + 1} мая 2016</p>{body}"
            f"<p>Источник: завод «Вымпел-{number}»</p></body></html>"
        )
        return web.Response(text=page, content_type="text/html")

    return respond


@pytest.mark.e2e
def test_work_on_all_sites_is_done_beside_a_crawl_that_does_not_end(tmp_path: Path, postgresql_database: str) -> None:
    with world(tmp_path, postgresql_database) as press:
        press.add_site("klapan")
        press.add_site(SITE)
        press.told("crawl", "klapan")
        press.ask("UPDATE runs SET verdict = 'refused', breaches = '[]' RETURNING 1")
        crawl = press.spawn("crawl", SITE)
        press.wait_for_requests(SITE)
        press.hold(SITE)
        for command in (("db", "rebuild"), ("reparse", "--apply"), ("quarantine", "replay", "--apply")):
            press.told(*command)
        press.told("runs", "publish")
        assert crawl.poll() is None
        press.go_on(SITE)
        assert crawl.wait() == 0
        assert press.ask("SELECT kind, outcome FROM runs ORDER BY id") == [
            ("crawl", "done"),
            ("crawl", "done"),
            ("reparse", "done"),
        ]
        assert press.ask("SELECT site, count(*) FROM v_articles GROUP BY site ORDER BY site") == [
            ("klapan", 12),
            (SITE, 12),
        ]


def number_asked(fleet: World) -> int:
    return sum(len(portal.asked) for portal in fleet.portals.values())


def has_gone_on(fleet: World, asked: int) -> bool:
    """Tell whether so many requests came, and as many more as a site has articles, or all jobs are done."""
    return number_asked(fleet) > asked + ARTICLES or {state for _, state in fleet.jobs()} == {"succeeded"}


@pytest.mark.soak
def test_sites_that_are_crawled_side_by_side_and_killed_are_as_one_after_another_and_as_after_a_rebuild(
    fleet: World, own_server: OwnServer
) -> None:
    random = Random(7)  # noqa: S311 - a test must repeat itself
    sites = [f"site{number}" for number in range(SITES)]
    for number, site in enumerate(sites):
        fleet.add_site(site).answer = shown_by(number)
    for site in random.sample(sites, SITES):
        fleet.told("fleet", "run", site)
    for name in ("first", "second", "third"):
        fleet.keep(name)
    fleet.keep("scheduler", schedules=True)
    killed = 0
    while killed < KILLS and {state for _, state in fleet.jobs()} != {"succeeded"}:
        site = random.choice(sites)
        with suppress(StopIteration, ProcessLookupError):
            os.kill(fleet.process_of(site), signal.SIGKILL)
            killed += 1
        asked = number_asked(fleet)
        wait_for(partial(has_gone_on, fleet, asked))
    assert killed
    fleet.wait_until_done(SITES)
    side_by_side = fleet.reached
    fleet.reached = Databases(own_server.address).template
    fleet.variables["ARMCRAWL_ARCHIVE"] = str(fleet.folder / "alone")
    for site in sites:
        fleet.told("crawl", site)
    wanted = rows_of(fleet.reached)
    assert wanted["clusters"]
    assert wanted["article_sources"]
    assert rows_of(side_by_side) == wanted
    fleet.reached = side_by_side
    fleet.told("db", "rebuild")
    assert rows_of(side_by_side) == wanted
