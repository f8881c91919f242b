"""A search from what a person typed to hits with excerpts, and to what else might have been meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from armcrawl.analysis.snippets import snippet
from armcrawl.analysis.suggestions import Suggestion, count, suggestions
from armcrawl.analysis.unknown_names import UnknownName, unknown_names
from armcrawl.options import LARGEST
from armcrawl.russian import query_hints
from armcrawl.russian.search_query import Zone, parse_query
from armcrawl.store.base.database import reading
from armcrawl.store.clusters.memberships import clusters_of
from armcrawl.store.queries.article_rows import has_names, rows_of
from armcrawl.store.queries.full_text_search import MAX_COUNTED, Finder, Order
from armcrawl.store.queries.search_statements import statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Connection, Engine

    from armcrawl.analysis.snippets import Snippet
    from armcrawl.russian.query_hints import Hint
    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.store.queries.article_rows import ArticleRow


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, with its title and an excerpt, both marked."""

    article: ArticleRow
    title: Snippet
    excerpt: Snippet


@dataclass(frozen=True, slots=True)
class Limits:
    """To what a search is limited: names in any printed form, and days, both included."""

    tag: str | None = None
    source: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which hits of a query are wanted: at most so many, None for all."""

    query: SearchQuery
    limits: Limits
    order: Order = Order.BEST
    one_per_cluster: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    `total` counts articles, also those with one text, up to MAX_COUNTED; `is_more` tells that there are more.
    `dropped` is what was typed and says nothing, `hints` what may have been meant otherwise. `unknown` names and
    `suggestions` are there when nothing was found.
    """

    hits: list[Hit]
    total: int
    is_more: bool
    dropped: tuple[str, ...]
    hints: list[Hint] = field(default_factory=list)
    unknown: list[UnknownName] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)


def search(
    engine: Engine,
    text: str,
    limit: int,
    limits: Limits = Limits(),
    *,
    order: Order = Order.BEST,
    one_per_cluster: bool = False,
) -> Found:
    """Return what a query finds: hits in the title first, then in tags and sources, the newest first within each.

    Of articles with one text, `one_per_cluster` leaves the first hit. Raises UsageError for a query without a
    word to look for.
    """
    query = parse_query(text)
    with reading(engine) as connection:
        arguments = _arguments(connection, limits)
        finder = Finder(connection, query, **arguments)
        found = _one_per_cluster(finder, limit, order) if one_per_cluster else finder.find(limit, order)
        # Fewer hits than asked for are all there are.
        total = len(found) if len(found) < limit and not one_per_cluster else finder.count()
        hits = _hits(connection, found, query)
        meant = [] if found else suggestions(connection, text, arguments)
        number_of = partial(count, connection, limits={})
        unknown = [] if found else unknown_names(connection, text, limits.tag, limits.source, number_of)
    is_more = total > MAX_COUNTED
    return Found(hits, min(total, MAX_COUNTED), is_more, query.dropped, query_hints.hints(text), unknown, meant)


def hits_in_pieces(engine: Engine, wanted: Wanted, size: int) -> Iterator[list[Hit]]:
    """Yield all hits that are wanted, so many at a time."""
    with reading(engine) as connection:
        found = _found(connection, wanted)
        for start in range(0, len(found), size):
            yield _hits(connection, found[start : start + size], wanted.query)


def count_hits(engine: Engine, wanted: Wanted) -> int:
    """Return how many hits are wanted."""
    with reading(engine) as connection:
        return len(_found(connection, wanted))


def statement(engine: Engine, text: str, limits: Limits) -> str:
    """Return the SQL statement that finds the same articles in this database: their keys, and the rank of each."""
    query = parse_query(text)
    with reading(engine) as connection:
        return statement_of(connection, query, **_arguments(connection, limits))


def _found(connection: Connection, wanted: Wanted) -> list[int]:
    finder = Finder(connection, wanted.query, **_arguments(connection, wanted.limits))
    limit = wanted.limit or LARGEST
    if wanted.one_per_cluster:
        return _one_per_cluster(finder, limit, wanted.order)
    return finder.find(limit, wanted.order)


def _hits(connection: Connection, found: Sequence[int], query: SearchQuery) -> list[Hit]:
    return [
        Hit(one, snippet(one.title, query, Zone.TITLE, whole=True), snippet(one.body, query))
        for one in rows_of(connection, found)
    ]


def _arguments(connection: Connection, limits: Limits) -> dict[str, Any]:
    filters = has_names(connection, tag=limits.tag or None, source=limits.source or None)
    return {"filters": filters, "first": limits.first, "last": limits.last}


def _one_per_cluster(finder: Finder, limit: int, order: Order) -> list[int]:
    """Return the first hit of each cluster; asks for more until there are enough, or no more."""
    asked = limit
    while True:
        found = finder.find(asked, order)
        clusters = clusters_of(finder.connection, found)
        kept: dict[object, int] = {}
        for article_id in found:
            kept.setdefault(clusters.get(article_id, ("alone", article_id)), article_id)
        if len(kept) >= limit or len(found) < asked:
            return list(kept.values())[:limit]
        asked *= 2
