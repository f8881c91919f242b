"""Pages of ten articles, as four content systems number and link them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.sample.press.articles import PressArticle

ITEMS_PER_PAGE = 10
PATH = re.compile(r"(?P<listing>/.*?)page/(?P<page>[1-9]\d{0,5})/")
# Numbers that a page links to on either side.
AROUND = 2

# How each listing is paged: `query` (?PAGEN_1=2), `path` (/page/2/), `more` (a link «Показать ещё», ?start=10) or
# `older` (rel=next, ?page=2).
STYLES = {
    "/novosti/": "query",
    "/zavody/": "query",
    "/tehnologii/": "path",
    "/vystavki/": "more",
    "/intervyu/": "older",
    "/rynok/": "path",
    "/standarty/": "query",
}


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a listing: which one, of how many, and what it shows."""

    listing: str
    style: str
    page: int
    pages: int
    articles: Sequence[PressArticle]

    def link(self, page: int) -> str:
        """Return the address of another page of the listing."""
        if page <= 1:
            return self.listing
        forms = {
            "query": f"{self.listing}?PAGEN_1={page}",
            "path": f"{self.listing}page/{page}/",
            "more": f"{self.listing}?start={(page - 1) * ITEMS_PER_PAGE}",
            "older": f"{self.listing}?page={page}",
        }
        return forms[self.style]

    @property
    def next(self) -> str | None:
        """Where the next page is, if there is one."""
        return self.link(self.page + 1) if self.page < self.pages else None

    @property
    def previous(self) -> str | None:
        """Where the page before is, if there is one."""
        return self.link(self.page - 1) if self.page > 1 else None

    @property
    def numbers(self) -> list[int]:
        """The pages that are linked by number."""
        near = range(max(1, self.page - AROUND), min(self.pages, self.page + AROUND) + 1)
        return sorted({1, *near, self.pages})


def split_page(path: str) -> tuple[str, int | None]:
    """Part `/rynok/page/2/` into listing and page."""
    match = PATH.fullmatch(path)
    return (match["listing"], int(match["page"])) if match else (path, None)


def listing_page(listing: str, page: int | None, query: str, articles: Sequence[PressArticle]) -> ListingPage | None:
    """Return the page that is asked for, None where it is not found.

    Beyond the last page each system does something else: `query` shows the last one again, `path` is not found, `more`
    is empty, `older` shows the first one.
    """
    style = STYLES.get(listing, "path")
    pages = max(1, -(-len(articles) // ITEMS_PER_PAGE))
    if page is not None and style != "path":
        return None
    asked = page or _asked(style, query)
    if asked > pages:
        if style == "path":
            return None
        asked = {"query": pages, "more": asked, "older": 1}[style]
    start = (asked - 1) * ITEMS_PER_PAGE
    return ListingPage(listing, style, asked, pages, articles[start : start + ITEMS_PER_PAGE])


def _asked(style: str, query: str) -> int:
    name = {"query": "PAGEN_1", "more": "start", "older": "page"}.get(style)
    values = parse_qs(query).get(name or "", ["1"])
    number = int(values[0]) if values[0].isdecimal() and len(values[0]) < 7 else 1
    return number // ITEMS_PER_PAGE + 1 if style == "more" else max(1, number)
