"""What the journal tells machines: RSS, Atom, and an index of sitemaps, one of them for each year."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from armcrawl.sample.press.articles import RUBRICS
from armcrawl.sample.press.rendering import environment

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.sample.press.chronicle import Edition

ITEMS_PER_FEED = 20
ATOM_RUBRIC = "standarty"
ATOM_PATH = f"/{ATOM_RUBRIC}/atom.xml"
RSS_PATHS = frozenset({"/rss.xml", "/feed/"})
# What a news sitemap may hold.
NEWS_AGE = timedelta(days=2)
SITEMAP = re.compile(r"/sitemap-(\d+)\.xml(\.gz)?")
STATIC_PAGES = {"/o-zhurnale/": "О журнале", "/kontakty/": "Контакты", "/reklama/": "Реклама"}
XML, RSS, ATOM, GZIP = "application/xml", "application/rss+xml", "application/atom+xml", "application/gzip"

Answer = tuple[bytes, str]


def machine_readable(path: str, edition: Edition, now: datetime, base: str, **links: Any) -> Answer | None:
    """Return body and type of the feed or sitemap under a path, None where there is none."""
    if path in RSS_PATHS:
        articles = edition.articles[:ITEMS_PER_FEED]
        return _render("rss", RSS, base=base, path=path, edition=edition, articles=articles, now=now, **links)
    if path == ATOM_PATH:
        articles = edition.rubrics.get(ATOM_RUBRIC, [])[:ITEMS_PER_FEED]
        return _render(
            "atom", ATOM, base=base, path=path, edition=edition, articles=articles, rubric=ATOM_RUBRIC, **links
        )
    if path == "/sitemap.xml":
        return _render("index", XML, base=base, sitemaps=_sitemaps(edition))
    if path == "/sitemap-news.xml":
        fresh = [article for article in edition.articles if now - article.at <= NEWS_AGE]
        return _render("news", XML, base=base, articles=fresh, **links)
    if path == "/sitemap-pages.xml":
        pages = ["/", "/novosti/", *(f"/{rubric}/" for rubric in RUBRICS), *STATIC_PAGES]
        pages += [tag.path for tag in edition.common_tags]
        return _render("pages", XML, base=base, pages=pages)
    if match := SITEMAP.fullmatch(path):
        return _sitemap(edition, base, int(match[1]), is_packed=bool(match[2]), **links)
    return None


def _sitemap(edition: Edition, base: str, number: int, *, is_packed: bool, **links: Any) -> Answer | None:
    years = _years(edition)
    if not 0 < number <= len(years) or is_packed != _is_packed(number):
        return None
    articles = [article for article in edition.articles if article.at.year == years[number - 1]]
    body, kind = _render("sitemap", XML, base=base, edition=edition, articles=articles, **links)
    return (gzip.compress(body, mtime=0), GZIP) if is_packed else (body, kind)


def _sitemaps(edition: Edition) -> list[tuple[str, datetime]]:
    """Return the paths of the sitemaps, each with when it last changed."""
    found = []
    for number, year in enumerate(_years(edition), 1):
        changes = [one.changed_at for one in edition.standings.values() if one.article.at.year == year]
        found.append((f"/sitemap-{number}.xml{'.gz' if _is_packed(number) else ''}", max(changes)))
    return [*found, ("/sitemap-news.xml", edition.changed_at), ("/sitemap-pages.xml", edition.changed_at)]


def _years(edition: Edition) -> list[int]:
    return sorted({standing.article.at.year for standing in edition.standings.values()})


def _is_packed(number: int) -> bool:
    return number % 2 == 0


def _render(name: str, kind: str, **values: Any) -> Answer:
    text = environment().get_template(f"machines/{name}.xml").render(**values)
    return text.encode(), f"{kind}; charset=utf-8"
