"""A night on which nothing is new asks for what leads to articles, only if it changed, and for little else."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.server import serving_handler
from tests.conftest import TODAY
from tests.faults.server import small_sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

MAX_REQUESTS = 5
HIDDEN = '<html><body><h1>Портал</h1><a href="/o-nas/">О нас</a></body></html>'


class Site:
    """Twelve articles, and pages that tell by an ETag whether they changed; `hidden` pages link to none of them."""

    def __init__(self) -> None:
        self.portal = Portal("bootstrap", small_sample())
        self.hidden = frozenset[str]()
        self.asked: list[tuple[str, int]] = []

    async def handle(self, request: web.Request) -> web.Response:
        usual = self.portal.respond(request.raw_path, TODAY)
        body = HIDDEN.encode() if request.path in self.hidden else usual.body
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        is_known = request.headers.get("If-None-Match") == etag
        status = 304 if is_known else usual.status
        self.asked.append((request.path, status))
        headers = {"Content-Type": usual.content_type, "ETag": etag}
        return web.Response(status=status, body=b"" if is_known else body, headers=headers)

    def serving(self) -> AbstractContextManager[str]:
        return serving_handler(self.handle)


@pytest.fixture
def night(armcrawl: Command, database: str) -> Callable[[Site, str], Finished]:
    def run(site: Site, url: str) -> Finished:
        site.asked.clear()
        return armcrawl("crawl", "--base-url", url, "--database", database, "--delay", "0")

    return run


def test_what_leads_to_articles_is_asked_for_only_if_it_changed(
    night: Callable[[Site, str], Finished], query: Query
) -> None:
    site = Site()
    with site.serving() as url:
        assert night(site, url).code == 0
        assert night(site, url).code == 0
        entries = [(path, status) for path, status in site.asked if path in {"/", "/news/"}]
        assert entries == [("/", 304), ("/news/", 304)]
        # What the unchanged pages link to still counts, and a page that changed is read again.
        site.hidden = frozenset({"/"})
        assert night(site, url).code == 0
        assert [status for path, status in site.asked if path in {"/", "/news/"}] == [200, 304]
    assert query("SELECT count(*) FROM articles") == [(12,)]


def test_an_idle_night_takes_few_requests(night: Callable[[Site, str], Finished], query: Query) -> None:
    site = Site()
    with site.serving() as url:
        night(site, url)
        # Articles of today are looked at again the next day: that is none of an idle night.
        night(site, url)
        idle = [path for path, _ in site.asked if not path.startswith("/news/") or path == "/news/"]
    assert len(idle) <= MAX_REQUESTS
    assert query("SELECT count(*) FROM articles") == [(12,)]
