"""What a page declares about itself for machines: JSON-LD, OpenGraph, microdata, meta tags."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.reading.layout.declarations import MAX_DECLARED_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.reading.layout.document import Document

ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "Report", "ReportageNewsArticle", "AnalysisNewsArticle", "TechArticle"}
)
# It accepts control characters in strings, which pages have although JSON forbids them. Made once, as making a decoder
# takes as long as decoding most scripts.
LENIENT = json.JSONDecoder(strict=False)
# Five times the most tags that an article has; each one is looked up in the dictionary later.
MAX_KEYWORDS = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """The declared titles, dates and author as pairs of method and value, the strongest first, and the keywords."""

    titles: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    author: tuple[str, str] | None = None
    keywords: tuple[str, ...] = ()


def declared(document: Document) -> Declared:
    """Collect what the page declares, without checking it against what the page shows."""
    ld = next(_json_ld_articles(document.scripts), {})
    meta = document.meta
    item = document.itemprops
    titles = [("json-ld", _text(ld.get("headline") or ld.get("name")))]
    titles += [("opengraph", _first(meta, "og:title")), ("microdata", item.get("headline", ""))]
    titles += [("meta", _first(meta, "twitter:title") or _first(meta, "title"))]
    dates = [("json-ld", _text(ld.get("datePublished")))]
    dates += [("opengraph", _first(meta, "article:published_time") or _first(meta, "og:published_time"))]
    dates += [("microdata", _first(meta, "datepublished") or item.get("datePublished", ""))]
    dates += [("meta", _first(meta, "pubdate") or _first(meta, "publishdate") or _first(meta, "dc.date"))]
    author = [("json-ld", _person(ld.get("author"))), ("microdata", item.get("author", ""))]
    # What the selectors of the site's hints find ranks after everything that the page declares itself.
    hinted = document.hinted
    titles += [("hint", text) for text in hinted.get("title", ())[:1]]
    dates += [("hint", text) for text in hinted.get("date", ())[:1]]
    author += [("hint", text) for text in hinted.get("author", ())[:1]]
    return Declared(
        titles=tuple((method, value) for method, value in titles if value),
        dates=tuple((method, value) for method, value in dates if value),
        author=next(((method, value) for method, value in author if value), None),
        keywords=_keywords(ld) or tuple(meta.get("article:tag", ())[:MAX_KEYWORDS]) or hinted.get("tags", ()),
    )


def _json_ld_articles(scripts: list[str]) -> Iterator[dict[str, Any]]:
    for script in scripts:
        try:
            data = LENIENT.decode(script)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            types = node.get("@type")
            if ARTICLE_TYPES.intersection(map(str, types if isinstance(types, list) else [types])):
                yield node


def _nodes(data: object) -> Iterator[dict[str, Any]]:
    """Yield the top-level objects of a JSON-LD script and of its `@graph`; those in an ItemList are teasers."""
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (inner for inner in graph if isinstance(inner, dict)) if isinstance(graph, list) else ()


def _keywords(ld: dict[str, Any]) -> tuple[str, ...]:
    keywords = ld.get("keywords")
    if isinstance(keywords, str):
        keywords = keywords.split(",")
    if not isinstance(keywords, list):
        return ()
    return tuple(text for keyword in keywords[:MAX_KEYWORDS] if (text := _text(keyword)))


def _person(author: object) -> str:
    if isinstance(author, list):
        author = author[0] if author else None
    if isinstance(author, dict):
        return "" if author.get("@type") == "Organization" else _text(author.get("name"))
    return _text(author)


def _text(value: object) -> str:
    """Return a string with normalised white space, cut to MAX_DECLARED_LENGTH; "" for anything but a string.

    NUL and lone surrogates, which JSON can escape but databases refuse, are removed.
    """
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").split())[:MAX_DECLARED_LENGTH]


def _first(meta: dict[str, list[str]], name: str) -> str:
    return meta.get(name, [""])[0]
