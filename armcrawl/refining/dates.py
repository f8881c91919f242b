"""The printed date becomes a day, a month or a year, whichever was printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from armcrawl.items import Published
from armcrawl.russian.dates import examine_date
from armcrawl.russian.dates.values import Fault

if TYPE_CHECKING:
    from armcrawl.items import Article
    from armcrawl.refining.context import Context


def date_article(article: Article, context: Context) -> Article:
    """Return the article with its date of publication; a missing, unreadable or impossible one is noted instead."""
    if article.date_text is None:
        return article.noting("date/missing")
    found = examine_date(article.date_text, context.fetched_at, context.zone)
    if found is None:
        return article.noting("date/unreadable")
    if isinstance(found, Fault):
        return article.noting("date/impossible")
    published = Published(found.date, found.precision, found.moment)
    return replace(article, published=published)
