"""Faults of listings, feeds, sitemaps and declarations: what a journal does, and what must come of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from armcrawl.discovery.sighted.sitemap import MAX_SIZE
from tests.discovery.gazette import DECLARATION, FEED, LISTING, NAMESPACE, SITEMAP, Gazette, html

if TYPE_CHECKING:
    from collections.abc import Callable

RSS, MAP = 'start = ["/rss.xml"]\n', 'start = ["/sitemap.xml"]\n'
BOMB = "".join(f'<!ENTITY e{one} "{f"&e{one - 1};" * 10}">' for one in range(1, 10))
SCRIPT = '<div id="root"></div><script src="/app.js"></script>'


@dataclass(frozen=True)
class SourceFault:
    """What `spoil` makes of a journal with twelve articles, and what is expected of the night that meets it.

    `declared` is how its pages are found, `right` how many articles are stored, `says` what the operator reads.
    """

    name: str
    declared: str
    spoil: Callable[[Gazette], None]
    requests: int
    right: int = 12
    code: int = 0
    says: str = ""
    declaration: str = DECLARATION


def shows(path: str, answer: Callable[[], web.Response]) -> Callable[[Gazette], None]:
    """Return what makes a journal answer otherwise under a path."""
    return lambda gazette: gazette.other.update({path: lambda _: answer()})


def _entities(root: str, entity: str) -> web.Response:
    return web.Response(
        body=f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "ха">{entity}]><{root} {NAMESPACE}>'
        f"<url><loc>https://gazette.example/news/rynok/x&e9;</loc></url></{root}>".encode(),
        content_type="text/xml",
    )


def _cut(gazette: Gazette) -> None:
    gazette.other["/rss.xml"] = lambda request: web.Response(
        body=gazette.feed(request.host).encode()[:-400], content_type="text/xml", headers={"ETag": '"one"'}
    )


def _lying(gazette: Gazette) -> None:
    def touch(_: str) -> None:
        gazette.shown = [replace(one, changed_at=datetime.now(UTC) - timedelta(minutes=1)) for one in gazette.shown]

    gazette.has_sitemap, gazette.files_of, gazette.validators, gazette.before = True, 50, False, touch


def _growing(gazette: Gazette) -> None:
    def listing(request: web.Request) -> web.Response:
        longer = f"{request.query_string}&page=2"
        return html(f'{gazette.entries(gazette.shown[:5])}<a rel="next" href="/news/?{longer}">далее</a>')

    gazette.other["/news/"] = listing


def _calendar(gazette: Gazette) -> None:
    def listing(request: web.Request) -> web.Response:
        month = int(request.query.get("month", "0"))
        shown = gazette.entries(gazette.shown if month == 0 else [])
        return html(
            f'{shown}<aside>{gazette.entries(gazette.shown[:3])}</aside><a href="?month={month + 1}">раньше</a>'
        )

    gazette.other["/news/"] = listing


def _scripted(gazette: Gazette) -> None:
    gazette.other = {f"{one.path}/": lambda _: html(SCRIPT) for one in gazette.shown}


def _walled(gazette: Gazette) -> None:
    gazette.is_walled = True


def _nothing(_: Gazette) -> None:
    pass


FAULTS = (
    SourceFault(
        "a feed that is a page of HTML", FEED + RSS + LISTING, shows("/rss.xml", lambda: html("<p>Вход</p>")),
        requests=17, says="feed /rss.xml cannot be read: https://gazette.example/rss.xml is a page of HTML",
    ),
    SourceFault(
        "a feed with entities that grow", FEED + RSS + LISTING, shows("/rss.xml", lambda: _entities("rss", BOMB)),
        requests=17, says="declares entities of its own, as no feed does",
    ),
    SourceFault(
        "a feed that ends in its middle", FEED + RSS + LISTING, _cut, requests=17,
        says="https://gazette.example/rss.xml ends in its middle: the next run reads it again",
    ),
    SourceFault(
        "a sitemap with entities that grow", SITEMAP + MAP + LISTING,
        shows("/sitemap.xml", lambda: _entities("urlset", BOMB)), requests=17,
        says="declares entities of its own, as no sitemap does",
    ),
    SourceFault(
        "a sitemap with an entity of another file", SITEMAP + MAP + LISTING,
        shows("/sitemap.xml", lambda: _entities("urlset", '<!ENTITY e9 SYSTEM "file:///etc/hostname">')), requests=17,
        says="declares entities of its own, as no sitemap does",
    ),
    SourceFault(
        "a sitemap that is a bomb", SITEMAP + MAP + LISTING,
        shows("/sitemap.xml", lambda: web.Response(body=gzip.compress(b" " * (MAX_SIZE + 1), 1))),
        requests=17, says="the answer unpacks to more than 100 times its size",
    ),
    SourceFault("a sitemap whose times of change are always now", SITEMAP + MAP, _lying, requests=15),
    SourceFault(
        "a listing whose every page shows the first, under addresses that grow", LISTING, _growing, requests=9,
        right=5, says="on one page only",
    ),
    SourceFault("a calendar without end as a listing", LISTING, _calendar, requests=16),
    SourceFault(
        "a listing that only a script fills", LISTING, shows("/news/", lambda: html(SCRIPT)), requests=2, right=0,
        code=1, says="links to no article, and has scripts: if these bring the articles, no crawl can see them",
    ),
    SourceFault(
        "articles whose text only a script brings", LISTING, _scripted, requests=16, right=0, code=1,
        says="None of 12 pages of gazette shows an article (empty: no text under a title): if scripts bring the text",
    ),
    SourceFault(
        "403 to everything, where a feed is looked for", FEED + LISTING, _walled, requests=3, right=0, code=3,
        says="blocked: status 403",
    ),
    SourceFault(
        "patterns that match nothing", LISTING, _nothing, requests=2, right=0, code=1,
        says="none of the 6 links on https://gazette.example/news/ has an address that the sections describe",
        declaration=DECLARATION.replace("/news/{{rubric}}/{{slug}}", "/blog/{{slug}}"),
    ),
    SourceFault(
        "patterns of which one takes all that is another's", LISTING, _nothing, requests=0, right=0, code=2,
        says="'/news/{rubric}/{slug}' of section 'news' has no pages: section 'all' takes them",
        declaration=DECLARATION.replace(
            "[[sections]]", '[[sections]]\nname = "all"\naddresses = ["/news/{{id}}/{{slug}}"]\n\n[[sections]]'
        ),
    ),
)  # fmt: skip
