"""The addresses of pages about things: an article, a search, an entity, a cluster, a month of a trend."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from armcrawl.analysis.trends import SeriesKind, days_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from armcrawl.analysis.trends import Series


def article_path(key: str) -> str:
    """Return the address of an article's page."""
    return f"/article/{quote(key)}"


def search_path(**values: str) -> str:
    """Return the address of a search."""
    return f"/search?{urlencode(values, errors='replace')}"


def entity_path(key: str) -> str:
    """Return the address of an entity's page."""
    return f"/entity/{quote(key, safe='', errors='replace')}"


def cluster_path(key: str) -> str:
    """Return the address of a cluster's page."""
    return f"/cluster/{quote(key)}"


def compare_path(one: str, other: str) -> str:
    """Return the address of the page of two articles side by side."""
    return f"/compare?{urlencode({'one': one, 'other': other}, safe='/')}"


def trends_path(**asked: str) -> str:
    """Return the address of trends: `q`, `entity`, `source`."""
    return f"/trends?{urlencode(asked, errors='replace')}"


def month_path(series: Series, month: str) -> str:
    """Return the address of the search for the articles of a series in a month."""
    first, last = days_of(month)
    return found_path(series, since=first.isoformat(), until=last.isoformat())


def found_path(series: Series, **days: str) -> str:
    """Return the address of the search for the articles of a series."""
    if series.asked.kind is SeriesKind.WORDS:
        asked = {"q": series.asked.text}
    elif series.asked.kind is SeriesKind.SOURCE:
        asked = {"source": series.name}
    else:
        asked = named(series.name, series.entity.used_as if series.entity else ())
    return f"/search?{urlencode(asked | days, errors='replace')}"


def named(name: str, used_as: Collection[str]) -> dict[str, str]:
    """Return what a search is asked for the articles that name an entity: as a tag, as a source, or as either."""
    if len(used_as) == 1:
        return dict.fromkeys(used_as, name)
    bare = name.replace('"', " ")
    return {"q": f'тег:"{bare}" | источник:"{bare}"'}


PATHS = (article_path, search_path, entity_path, cluster_path, compare_path, trends_path, month_path, found_path)
