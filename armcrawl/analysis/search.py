"""A search from what a person typed to hits with excerpts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from armcrawl.analysis.snippets import snippet
from armcrawl.russian.search_query import parse_query
from armcrawl.store.base.database import reading
from armcrawl.store.clusters.memberships import clusters_of
from armcrawl.store.queries.article_rows import has_names, rows_of
from armcrawl.store.queries.full_text_search import find_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy import Connection, Engine

    from armcrawl.analysis.snippets import Snippet
    from armcrawl.store.queries.article_rows import ArticleRow


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, with its title and an excerpt, both marked."""

    article: ArticleRow
    title: Snippet
    excerpt: Snippet


def search(
    engine: Engine,
    text: str,
    limit: int,
    *,
    tag: str | None = None,
    source: str | None = None,
    first: date | None = None,
    last: date | None = None,
    one_per_cluster: bool = False,
) -> list[Hit]:
    """Return what a query finds, hits in the title first, the newest first within each.

    `tag` and `source` are names in any printed form; `first` and `last` are days, both included. Of
    articles with one text, `one_per_cluster` leaves the first hit. Raises UsageError for a query without a
    word to look for.
    """
    query = parse_query(text)
    with reading(engine) as connection:
        find = partial(
            find_articles,
            connection,
            query,
            filters=has_names(connection, tag=tag or None, source=source or None),
            first=first,
            last=last,
        )
        found = _one_per_cluster(connection, find, limit) if one_per_cluster else find(limit=limit)
        articles = rows_of(connection, found)
    return [
        Hit(article, snippet(article.title, query, whole=True), snippet(article.body, query)) for article in articles
    ]


def _one_per_cluster(connection: Connection, find: Callable[..., list[int]], limit: int) -> list[int]:
    """Return the first hit of each cluster; asks for more until there are enough, or no more."""
    asked = limit
    while True:
        found = find(limit=asked)
        clusters = clusters_of(connection, found)
        kept: dict[object, int] = {}
        for article_id in found:
            kept.setdefault(clusters.get(article_id, ("alone", article_id)), article_id)
        if len(kept) >= limit or len(found) < asked:
            return list(kept.values())[:limit]
        asked *= 2
