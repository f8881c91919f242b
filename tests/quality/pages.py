"""The sample portal's pages in all markups: title, date and text, by us and by others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

import trafilatura
from readability import Document
from selectolax.lexbor import LexborHTMLParser

from armcrawl.reading.page import read_page
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import address_of

if TYPE_CHECKING:
    from armcrawl.sample.articles import SampleArticle
    from tests.quality.measures import Measures

TODAY = date(2026, 11, 23)
FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
# The others take milliseconds a page; every tenth article tells their share well enough.
STEP_OF_OTHERS = 10


class PageRead(NamedTuple):
    """What somebody read on a page."""

    title: str
    day: date | None
    text: str


Reader = Callable[[bytes, str, str], PageRead | None]


def of_pages(read: Reader, step: int = 1) -> Measures:
    """Return the shares of titles and dates that are right, and how well the words of the text agree (F1)."""
    titles: list[bool] = []
    days: list[bool] = []
    texts: list[float] = []
    for markup, charset in MARKUPS.items():
        portal = Portal(markup)
        for article in list(load_sample().articles.values())[::step]:
            found = read(portal.render_article(article, TODAY), address_of(article.key), charset)
            titles.append(found is not None and found.title == article.title)
            days.append(found is not None and found.day == article.day)
            texts.append(agreement(text_of(article), found.text) if found is not None else 0.0)
    return {
        "pages, title": sum(titles) / len(titles),
        "pages, date": sum(days) / len(days),
        "pages, text": sum(texts) / len(texts),
    }


def text_of(article: SampleArticle) -> str:
    """Return the text that the page shows as the article's."""
    return "\n".join(article.paragraphs)


def agreement(gold: str, got: str) -> float:
    """Return the harmonic mean of precision and recall of the words."""
    wanted, found = Counter(gold.split()), Counter(got.split())
    common = (wanted & found).total()
    return 2 * common / (wanted.total() + found.total())


def ours(body: bytes, address: str, charset: str) -> PageRead | None:
    """Read a page as the crawl does."""
    del charset  # found out from the page
    article = read_page(body, address, FETCHED_AT, "text/html").article
    if article is None:
        return None
    refined = refine(article, FETCHED_AT).article
    return PageRead(refined.title, refined.published.date if refined.published else None, refined.body)


def by_trafilatura(body: bytes, address: str, charset: str) -> PageRead | None:
    """Read a page with trafilatura."""
    found = trafilatura.bare_extraction(body.decode(charset), url=address, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return None
    day = date.fromisoformat(found.date) if found.date else None
    return PageRead(found.title or "", day, found.text or "")


def by_readability(body: bytes, address: str, charset: str) -> PageRead | None:
    """Read a page with readability, which knows no dates."""
    del address
    document = Document(body.decode(charset))
    tree = LexborHTMLParser(document.summary(html_partial=True))
    return PageRead(document.short_title(), None, tree.text(separator="\n", strip=True))
