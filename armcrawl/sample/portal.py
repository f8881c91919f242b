"""The sample portal as a pure function: a path and a moment give an answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from armcrawl.errors import UsageError
from armcrawl.sample.articles import LINK, SITE, SampleArticle, folder, load_sample
from armcrawl.sample.gallery import GALLERIES
from armcrawl.sites import PageKey, address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from armcrawl.sample.articles import Sample


MARKUPS = {"bootstrap": "utf-8", "tables": "cp1251", "html5": "utf-8", "generated": "utf-8"}
MONTHS = [
    "Января",
    "Февраля",
    "Марта",
    "Апреля",
    "Мая",
    "Июня",
    "Июля",
    "Августа",
    "Сентября",
    "Октября",
    "Ноября",
    "Декабря",
]
WEEKDAYS = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"]
ITEMS_PER_LISTING = 20
TEASERS = 3
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


@dataclass(frozen=True, slots=True)
class PortalResponse:
    """What the server sends."""

    status: int
    body: bytes
    content_type: str
    location: str | None = None


class Portal:
    """The portal in one of its markups."""

    def __init__(
        self, markup: str, sample: Sample | None = None, rates: Callable[[date], tuple[str, str]] | None = None
    ) -> None:
        """Serve a sample; `rates` gives a day's euro and dollar. Raises UsageError for an unknown markup."""
        if markup not in MARKUPS:
            raise UsageError(f"There is no markup {markup!r}: the markups are {', '.join(MARKUPS)}.")
        self.markup = markup
        self.charset = MARKUPS[markup]
        self.sample = sample or load_sample()
        self.teasers = self.sample.newest(TEASERS)
        self.rates = rates or rates_of

    def respond(self, target: str, today: date) -> PortalResponse:
        """Answer a request for a path with its query, on a day."""
        parts = urlsplit("http://portal" + target)
        path = re.sub(r"/{2,}", "/", unquote(parts.path)).rstrip("/") or "/"
        if path == "/robots.txt":
            return PortalResponse(200, ROBOTS.encode(), "text/plain; charset=utf-8")
        if path == "/":
            return self._page(
                "home", today, sections=[(s.name, self.sample.of_section(s.name)[:5]) for s in SITE.sections]
            )
        if match := re.fullmatch(r"/photo/(\d+)", path):
            return self._gallery(int(match[1]), today)
        for section in SITE.sections:
            if path == (section.listing or "").rstrip("/"):
                return self._listing(section.name, parts.query, today)
        key = SITE.identify(urljoin(SITE.home, path))
        if key is not None:
            return self._article(key, today)
        return self._missing(today)

    def _article(self, key: PageKey, today: date) -> PortalResponse:
        article = self.sample.articles.get(key)
        if article is not None:
            return PortalResponse(200, self.render_article(article, today), self._content_type())
        if key in self.sample.redirected_home:
            return PortalResponse(302, b"", self._content_type(), location="/")
        if key in self.sample.without_article:
            return self._page("nothing", today)
        return self._missing(today)

    def render_article(self, article: SampleArticle, today: date) -> bytes:
        """Return an article's page as it looks on a day."""
        return self._render("article", today, article=article, json_ld=_json_ld(article))

    def _listing(self, section: str, query: str, today: date) -> PortalResponse:
        try:
            page = max(1, int(parse_qs(query).get("page", ["1"])[0]))
        except ValueError:
            page = 1
        articles = self.sample.of_section(section)
        pages = -(-len(articles) // ITEMS_PER_LISTING)
        chosen = articles[(page - 1) * ITEMS_PER_LISTING : page * ITEMS_PER_LISTING]
        return self._page("listing", today, section=section, articles=chosen, page=page, pages=pages)

    def _gallery(self, number: int, today: date) -> PortalResponse:
        if number not in GALLERIES:
            return self._missing(today)
        title, captions = GALLERIES[number]
        return self._page("gallery", today, title=title, number=number, captions=captions)

    def _missing(self, today: date) -> PortalResponse:
        return self._page("missing", today, status=404)

    def _page(self, name: str, today: date, status: int = 200, **values: Any) -> PortalResponse:
        return PortalResponse(status, self._render(name, today, **values), self._content_type())

    def _content_type(self) -> str:
        # Old servers send no charset: the page's own <meta> must do.
        return "text/html" if self.charset == "cp1251" else f"text/html; charset={self.charset}"

    def _render(self, name: str, today: date, **values: Any) -> bytes:
        template = environment().get_template(f"{self.markup}/{name}.html")
        html = template.render(
            today=today,
            header=header_day(today),
            rates=self.rates(today),
            teasers=self.teasers,
            **values,
        )
        return html.encode(self.charset, "xmlcharrefreplace")


@cache
def environment() -> Environment:
    """Return what renders the templates; all portals use what it compiled."""
    made = Environment(
        loader=FileSystemLoader(folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"linked": linked, "printed": printed_day}
    return made


def linked(paragraph: str) -> Markup:
    """Turn `[text](address)` into links."""
    html, last = Markup(""), 0
    for match in LINK.finditer(paragraph):
        html += escape(paragraph[last : match.start()])
        html += Markup('<a href="{}">{}</a>').format(match[2], match[1])
        last = match.end()
    return html + escape(paragraph[last:])


def printed_day(day: date) -> str:
    """Print a date as the site does: `31 Мая 2016`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def header_day(day: date) -> str:
    """Print the header's day: `28 Января 2026г, Среда`."""
    return f"{printed_day(day)}г, {WEEKDAYS[day.weekday()]}"


def rates_of(day: date) -> tuple[str, str]:
    """Return made-up euro and dollar rates that differ from day to day."""
    wave = day.toordinal() % 97
    return f"{88 + wave / 23:.4f}", f"{75 + wave / 29:.4f}"


def _json_ld(article: SampleArticle) -> Markup:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": f"{article.day.isoformat()}T00:00:00+03:00",
        "mainEntityOfPage": address_of(article.key),
        "keywords": [tag.printed for tag in article.tags],
        "publisher": {"@type": "Organization", "name": "Армторг"},
    }
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - no < is left
