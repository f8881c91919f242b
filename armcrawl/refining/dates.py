"""The printed date becomes a day, a month or a year, whichever was printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Evidence, Precision, Published
from armcrawl.russian.dates import examine_date
from armcrawl.russian.dates.values import Fault
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from armcrawl.items import Announced, Article
    from armcrawl.refining.context import Context


def date_article(article: Article, context: Context) -> Article:
    """Return the article with its date of publication; a missing, unreadable or impossible one is noted instead.

    Where the page tells none, what a listing, a feed or a sitemap says of it is the last witness.
    """
    article = _printed(article, context)
    return article if context.announced is None else _compared(article, context.announced)


def _printed(article: Article, context: Context) -> Article:
    """Return the article with the date that its page tells."""
    if article.date_text is None:
        return article.noting("date/missing")
    found = examine_date(article.date_text, context.fetched_at, context.zone)
    if found is None:
        return article.noting("date/unreadable")
    if isinstance(found, Fault):
        return article.noting("date/impossible")
    published = Published(found.date, found.precision, found.moment)
    return replace(article, published=published)


def _compared(article: Article, announced: Announced) -> Article:
    """Compare with what was announced: the page wins, and the difference is counted."""
    evidence, notes = dict(article.evidence), list[str]()
    if announced.title is not None and (found := evidence.get("title")) is not None:
        agrees = normal_form(announced.title) == normal_form(article.title)
        evidence["title"] = _with_witness(found, announced.method, agrees=agrees)
        notes += [] if agrees else ["title/announced_otherwise"]
    if announced.day is None:
        return replace(article, evidence=evidence).noting(*notes)
    if article.published is None:
        evidence["date"] = Evidence(announced.method)
        published = Published(announced.day, Precision.DAY)
        return replace(article, published=published, evidence=evidence).noting(*notes, "date/announced")
    agrees = announced.day.isoformat().startswith(article.published.printed)
    if (dated := evidence.get("date")) is not None:
        evidence["date"] = _with_witness(dated, announced.method, agrees=agrees)
    notes += [] if agrees else ["date/announced_otherwise"]
    return replace(article, evidence=evidence).noting(*notes)


def _with_witness(found: Evidence, method: str, *, agrees: bool) -> Evidence:
    """Return the evidence with a second witness, unless the page has one of its own."""
    return found if found.witness is not None else replace(found, witness=method, agrees=agrees)
