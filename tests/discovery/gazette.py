"""A small journal with slugs, rubrics, listings that lead on, a feed and sitemaps, which a test changes as it likes."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

DECLARATION = """
name = "gazette"
hosts = ["gazette.example", "www.gazette.example"]
zone = "Europe/Moscow"
own_names = ["Газета"]

{discovery}

[[sections]]
name = "news"
listing = "/news/"
addresses = ["/news/{{rubric}}/{{slug}}"]

[unjudged]
crawl = ["requests per article"]
backfill = ["requests per article"]
"""
LISTING, FEED, SITEMAP = (f'[[discovery]]\nkind = "{kind}"\n' for kind in ("listing", "feed", "sitemap"))
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
NEWEST = date(2026, 11, 20)
PLACES = "Кургане Тюмени Пензе Муроме Алексине Кирове Серове Чехове Вязьме Орске Ливнах Бийске".split()
THINGS = "задвижек клапанов затворов кранов приводов фланцев редукторов компенсаторов".split()


@dataclass
class Piece:
    """An article of the journal."""

    number: int
    day: date
    changed_at: datetime | None = None
    is_dated: bool = True
    extra: str = ""

    @property
    def slug(self) -> str:
        return f"otgruzka-{self.number}"

    @property
    def path(self) -> str:
        return f"/news/{('zavody', 'rynok')[self.number % 2]}/{self.slug}"

    @property
    def title(self) -> str:
        place, thing = PLACES[self.number % 12], THINGS[self.number % 8]
        return f"В {place} отгрузили {self.number + 20} {thing} по заказу № {self.number}"

    @property
    def printed(self) -> str:
        return f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day.year}"


def pieces(number: int, newest: date = NEWEST, every: int = 1) -> list[Piece]:
    """Return so many articles, the newest first, one each day or each so many."""
    return [Piece(number - place, newest - timedelta(days=every * place)) for place in range(number)]


@dataclass
class Gazette:
    """The journal's server: `pages` of it, and what its listings, feed and sitemaps look like.

    `further` is how a listing leads on: "next", "numbers", "falls" (the newest page has the highest number), "words",
    "button", "pattern" (nothing leads on), "script" or "none"; `past_end` what is behind its last page: "404", "first",
    "last" or "empty".
    """

    shown: list[Piece] = field(default_factory=lambda: pieces(12))
    a_page: int = 5
    further: str = "next"
    past_end: str = "404"
    has_feed: bool = False
    has_sitemap: bool = False
    files_of: int = 5
    validators: bool = True
    in_listing: Callable[[Piece], str] = lambda piece: piece.printed
    beside: str = ""
    other: dict[str, Callable[[web.Request], web.Response]] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    robots: str = ""
    is_walled: bool = False

    def heal(self) -> None:
        """Be as a journal should be, with its feed and its sitemaps."""
        self.other, self.is_walled, self.before = {}, False, lambda _: None
        self.has_feed = self.has_sitemap = True

    async def handle(self, request: web.Request) -> web.Response:
        """Answer, and note what was asked for."""
        self.asked.append(request.path_qs)
        self.before(request.path_qs)
        answer = self._answer(request)
        if answer.status == 200 and self.validators and isinstance(answer.body, bytes):
            answer.headers["ETag"] = f'"{blake2b(answer.body, digest_size=8).hexdigest()}"'
            if request.headers.get("If-None-Match") == answer.headers["ETag"]:
                return web.Response(status=304)
        return answer

    def _answer(self, request: web.Request) -> web.Response:
        path = request.path
        if self.is_walled:
            return web.Response(status=403, text="Forbidden")
        if path in self.other:
            return self.other[path](request)
        if path == "/robots.txt":
            return web.Response(text=self.robots) if self.robots else web.Response(status=404)
        if path == "/":
            head = '<link rel="alternate" type="application/rss+xml" href="/lenta.xml">' if self.has_feed else ""
            return html(f"<p>Газета о трубопроводной арматуре.</p>{self.entries(self.shown[:3])}", head)
        if path == "/news/":
            return self.listing(int(request.query.get("page", "0")))
        if path in {"/lenta.xml", "/rss.xml"} and self.has_feed:
            return web.Response(body=self.feed(request.host).encode(), content_type="application/rss+xml")
        if self.has_sitemap and path.startswith("/sitemap"):
            return self._sitemap(path, request.host)
        found = next((piece for piece in self.shown if piece.path == path.rstrip("/")), None)
        return article(found) if found is not None else web.Response(status=404, text="Страница не найдена")

    def listing(self, page: int) -> web.Response:
        last = -(-len(self.shown) // self.a_page)
        number = last + 1 - (page or last) if self.further == "falls" else page or 1
        if number > last:
            if self.past_end == "404":
                return web.Response(status=404, text="Страница не найдена")
            number = {"first": 1, "last": last, "empty": number}[self.past_end]
        found = self.shown[(number - 1) * self.a_page : number * self.a_page]
        forms = {
            "next": f'<a rel="next" href="?page={number + 1}">далее</a>',
            "numbers": " ".join(
                f"<b>{one}</b>" if one == number else f'<a href="/news/?page={one}">{one}</a>'
                for one in range(max(1, number - 2), min(last, number + 2) + 1)
            ),
            "falls": " ".join(
                f"<b>{one}</b>" if one == last + 1 - number else f'<a href="/news/?page={one}">{one}</a>'
                for one in range(1, last + 1)
            ),
            "words": f'<a href="/news/?page={number + 1}">Показать ещё</a>',
            "button": f'<button class="load-more" data-url="/news/?page={number + 1}">Ещё</button>',
            "script": '<button class="btn load-more" data-page="2">Показать ещё</button>',
        }
        more = forms.get(self.further, "") if number < last or self.past_end != "404" else ""
        return html(f"<h1>Новости</h1>{self.entries(found)}{self.beside}<div class=pages>{more}</div>")

    def entries(self, found: list[Piece]) -> str:
        return "".join(
            f'<div class="card"><span class="day">{self.in_listing(piece)}</span>'
            f'<h3><a href="{piece.path}/">{piece.title}</a></h3><p>Партия отправлена заказчику.</p></div>'
            for piece in found
        )

    def feed(self, host: str) -> str:
        """Return the newest ten as RSS."""
        items = "".join(
            f"<item><title>{piece.title}</title><link>http://{host}{piece.path}</link>"
            f"<pubDate>{format_datetime(datetime.combine(piece.day, time(9), UTC))}</pubDate></item>"
            for piece in self.shown[:10]
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Газета</title>{items}</channel></rss>'

    def _sitemap(self, path: str, host: str) -> web.Response:
        files = [self.shown[start : start + self.files_of] for start in range(0, len(self.shown), self.files_of)]
        if path == "/sitemap.xml":
            told = "".join(
                f"<sitemap><loc>http://{host}/sitemap-{index}.xml.gz</loc></sitemap>" for index in range(len(files))
            )
            return xml(f"<sitemapindex {NAMESPACE}>{told}</sitemapindex>")
        number = path.removeprefix("/sitemap-").removesuffix(".xml.gz")
        if not number.isdecimal() or int(number) >= len(files):
            return web.Response(status=404)
        urls = "".join(
            f"<url><loc>http://{host}{piece.path}</loc>"
            + (f"<lastmod>{piece.changed_at.isoformat()}</lastmod>" if piece.changed_at else "")
            + "</url>"
            for piece in files[int(number)]
        )
        packed = gzip.compress(f"<urlset {NAMESPACE}>{urls}</urlset>".encode(), mtime=0)
        return web.Response(body=packed, content_type="application/gzip")

    def articles_asked(self) -> list[str]:
        """Return the slugs that were asked for, in their order."""
        return [path.rstrip("/").rpartition("/")[2] for path in self.asked if "otgruzka" in path]


NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def xml(text: str) -> web.Response:
    """Return an answer with XML."""
    return web.Response(body=f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), content_type="application/xml")


def html(body: str, head: str = "") -> web.Response:
    """Return an answer with a page."""
    page = f"<!doctype html><html><head><title>Газета</title>{head}</head><body>{body}</body></html>"
    return web.Response(body=page.encode(), content_type="text/html", charset="utf-8")


def article(piece: Piece) -> web.Response:
    """Return an article's page."""
    day = f"<p>{piece.printed}</p>" if piece.is_dated else ""
    text = (
        f"<p>Завод в {PLACES[piece.number % 12]} отправил заказчику {piece.number + 20} {THINGS[piece.number % 8]}, "
        f"сообщила служба сбыта по заказу № {piece.number}.</p>"
        f"<p>Следующую партию № {piece.number + 1} соберут, когда придут отливки для {piece.number + 3} корпусов.</p>"
        f"{piece.extra}"
    )
    page = (
        f"<!doctype html><html><head><title>{piece.title} — Газета</title></head><body><h1>{piece.title}</h1>{day}"
        f"<div class=text>{text}</div></body></html>"
    )
    return web.Response(body=page.encode(), content_type="text/html", charset="utf-8")
