"""The press portal as a pure function: an address and a moment give an answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import parse_qs, quote, unquote, urlsplit

from markupsafe import Markup

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sample.articles import shorten
from armcrawl.sample.press.articles import RUBRICS, SITE, ZONE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.comments import comments_on
from armcrawl.sample.press.feeds import STATIC_PAGES, machine_readable
from armcrawl.sample.press.listings import STYLES, listing_page, split_page
from armcrawl.sample.press.rendering import environment, month_name
from armcrawl.sample.press.truth import PressTruth, truth_of
from armcrawl.sites.addresses import SAFE, SLASHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from armcrawl.sample.press.articles import PressArticle
    from armcrawl.sample.press.chronicle import Edition
    from armcrawl.sites import PageKey

MARKUPS = ("wordpress", "static")
HOST, MIRROR = SITE.hosts
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n\nSitemap: {base}/sitemap.xml\n"
ARTICLE = re.compile(rf"/({'|'.join(RUBRICS)})/([^/]+)/(amp/)?")
ARCHIVE = re.compile(r"/arhiv/(?:(\d{4})/(?:(0[1-9]|1[0-2])/)?)?")
HTML = "text/html; charset=utf-8"
READ_ALSO, MONTHS_SHOWN = 3, 6
TEASER = 160


@dataclass(frozen=True, slots=True)
class PressResponse:
    """What the server sends; with `etag` it answers conditional requests."""

    status: int
    body: bytes
    content_type: str = HTML
    location: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A request: when it comes, what is shown then, and whether the mirror for telephones is asked."""

    now: datetime
    edition: Edition
    mobile: bool


class PressPortal:
    """The journal in one of its markups; `base` and `mirror` are what absolute links begin with."""

    def __init__(
        self,
        markup: str,
        chronicle: Chronicle | None = None,
        *,
        base: str = f"https://{HOST}",
        mirror: str = f"https://{MIRROR}",
    ) -> None:
        """Show a chronicle; raises UsageError for an unknown markup."""
        if markup not in MARKUPS:
            raise UsageError(f"There is no markup {markup!r}: the markups are {', '.join(MARKUPS)}.")
        self.markup = markup
        self.chronicle = chronicle or Chronicle()
        self.base, self.mirror = base.rstrip("/"), mirror.rstrip("/")

    def truth(self, moment: datetime) -> dict[PageKey, PressTruth]:
        """Return what must be known of every article that was published by then."""
        standings = self.chronicle.at(moment).standings.values()
        home = SITE.home.rstrip("/")
        return {standing.article.key: truth_of(standing, home) for standing in standings}

    def seen(self, looks: Iterable[datetime]) -> dict[PageKey, PressTruth]:
        """Return what is known to whoever looked at every page at these moments, and at no other.

        An article is known as it was last shown, its outcome is that of the last look; what came and went between two
        looks is not known.
        """
        known: dict[PageKey, PressTruth] = {}
        for look in sorted(looks):
            for key, one in self.truth(look).items():
                if one.outcome is Outcome.STORED:
                    known[key] = one
                elif key in known:
                    known[key] = replace(known[key], outcome=one.outcome)
        return known

    def respond(self, target: str, moment: datetime, host: str = HOST) -> PressResponse:
        """Answer a request for a path with its query, at a moment; `host` is as the request names it, port or not."""
        name = host.partition(":")[0].lower()
        parts = urlsplit("http://journal" + target)
        path = SLASHES.sub("/", normalize("NFC", unquote(parts.path))) or "/"
        if f"www.{name}" == HOST:
            return self._redirect(self.base + target)
        if not path.endswith("/") and "." not in path.rpartition("/")[2]:
            return self._redirect(quote(path, safe=SAFE) + "/" + (f"?{parts.query}" if parts.query else ""))
        now = moment.astimezone(ZONE)
        visit = Visit(now, self.chronicle.at(now), mobile=name.startswith("m."))
        if path == "/robots.txt":
            return PressResponse(200, ROBOTS.format(base=self.base).encode(), "text/plain; charset=utf-8")
        if found := machine_readable(path, visit.edition, now, self.base, href=self._machine_href):
            body, kind = found
            return PressResponse(200, body, kind, etag=_etag(body))
        return self._page_of(path, parts.query, visit) or self._missing(visit)

    def _page_of(self, path: str, query: str, visit: Visit) -> PressResponse | None:
        if match := ARTICLE.fullmatch(path):
            return self._article(match[1], match[2], visit, is_amp=bool(match[3]))
        if match := ARCHIVE.fullmatch(path):
            return self._archive(int(match[1] or 0), int(match[2] or 0), visit)
        if path == "/admin/":
            return self._redirect("/vhod/", 302)
        if path == "/vhod/":
            return self._page("login", visit, name="Вход")
        if path == "/search/":
            return self._search(parse_qs(query).get("q", [""])[0], visit)
        if path in STATIC_PAGES:
            return self._page("fixed", visit, name=STATIC_PAGES[path], path=path)
        return self._listing(path, query, visit)

    def _article(self, rubric: str, slug: str, visit: Visit, *, is_amp: bool) -> PressResponse:
        standing = visit.edition.standings.get(slug)
        if standing is None or not standing.is_shown:
            return self._missing(visit, standing.status if standing is not None else 404)
        article = standing.article
        if article.rubric != rubric:
            return self._redirect(article.encoded_path + ("amp/" if is_amp else ""))
        return self._page("amp" if is_amp else "article", visit, **self._of_article(article, visit))

    def _of_article(self, article: PressArticle, visit: Visit) -> dict[str, Any]:
        edition = visit.edition
        beside = edition.rubrics[article.rubric]
        place = beside.index(article)
        return {
            "article": article,
            "json_ld": self._json_ld(article, edition),
            "also": [other for other in beside if other is not article][:READ_ALSO],
            "newer": beside[place - 1] if place else None,
            "older": beside[place + 1] if place + 1 < len(beside) else None,
            "comments": comments_on(article, visit.now),
        }

    def _listing(self, path: str, query: str, visit: Visit) -> PressResponse | None:
        listing, page = split_page(path)
        articles, name = self._listed(listing, visit.edition)
        if articles is None:
            return None
        shown = listing_page(listing, page, query, articles)
        if shown is None:
            return None
        return self._page("listing", visit, name=name, shown=shown)

    def _listed(self, listing: str, edition: Edition) -> tuple[Sequence[PressArticle] | None, str]:
        if listing in {"/", "/novosti/"}:
            return edition.articles, "Новости"
        if listing in STYLES:
            rubric = listing.strip("/")
            return edition.rubrics.get(rubric, []), RUBRICS[rubric]
        slug = listing.removeprefix("/tag/").strip("/")
        if listing.startswith("/tag/") and slug in edition.tags:
            return edition.tags[slug], f"Метка: {edition.tag_names[slug].name}"
        if listing in edition.authors:
            return edition.authors[listing], f"Автор: {edition.authors[listing][0].author}"
        return None, ""

    def _archive(self, year: int, month: int, visit: Visit) -> PressResponse:
        """Return the calendar, a year, or a month: it goes on for ever, as calendars do."""
        edition = visit.edition
        if not month:
            months = [(y, m) for y, m in edition.months if not year or y == year]
            return self._page("archive", visit, name=f"Архив за {year} год" if year else "Архив", months=months)
        articles = edition.months.get((year, month), [])
        following = f"/arhiv/{year + month // 12}/{month % 12 + 1:02d}/"
        before = f"/arhiv/{year - (month == 1)}/{(month - 2) % 12 + 1:02d}/"
        name = f"Архив за {month_name(month)} {year} года"
        return self._page("month", visit, name=name, articles=articles, following=following, before=before)

    def _search(self, words: str, visit: Visit) -> PressResponse:
        wanted = words.lower().split()
        found = [one for one in visit.edition.articles if wanted and all(word in one.title.lower() for word in wanted)]
        return self._page("month", visit, name="Результаты поиска", articles=found[:20], following="", before="")

    def _missing(self, visit: Visit, status: int = 404) -> PressResponse:
        return self._page("missing", visit, status=status)

    def _redirect(self, location: str, status: int = 301) -> PressResponse:
        return PressResponse(status, b"", location=location)

    def _page(self, template: str, visit: Visit, status: int = 200, **values: Any) -> PressResponse:
        text = environment().get_template(f"{self.markup}/{template}.html").render(
            base=self.base, mirror=self.mirror, now=visit.now, mobile=visit.mobile, href=self._page_href, teaser=teaser,
            **self._furniture(visit.edition), **({"status": status} | values),
        )  # fmt: skip
        body = text.encode()
        # Files have a tag, pages that a program makes for each request have none.
        return PressResponse(status, body, etag=_etag(body) if self.markup == "static" and status == 200 else None)

    def _furniture(self, edition: Edition) -> dict[str, Any]:
        months = list(edition.months)[:MONTHS_SHOWN]
        return {"popular": edition.popular, "cloud": edition.common_tags, "recent_months": months}

    def _page_href(self, article: PressArticle) -> str:
        """Return how pages link to an article: one system encodes what is not ASCII, the other leaves it."""
        return article.encoded_path if self.markup == "wordpress" else article.path

    def _machine_href(self, article: PressArticle) -> str:
        """Return how feeds and sitemaps do: the other way round."""
        return self.base + (article.path if self.markup == "wordpress" else article.encoded_path)

    def _json_ld(self, article: PressArticle, edition: Edition) -> Markup:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": article.at.isoformat(),
            "dateModified": edition.changed(article).isoformat(),
            "mainEntityOfPage": self.base + article.encoded_path,
            "articleSection": RUBRICS[article.rubric],
            "publisher": {"@type": "Organization", "name": SITE.title},
        }
        return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - no < is left


def teaser(article: PressArticle) -> str:
    """Return the opening words that stand below a title in a listing."""
    return shorten(article.paragraphs[0], TEASER, "…")


def _etag(body: bytes) -> str:
    return blake2b(body, digest_size=8).hexdigest()
