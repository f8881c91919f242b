"""A search from what a person typed to hits with excerpts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.analysis.snippets import snippet
from armcrawl.russian.search_query import parse_query
from armcrawl.store.articles import ids_named, rows_of
from armcrawl.store.database import reading
from armcrawl.store.finding import find_articles

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.analysis.snippets import Snippet
    from armcrawl.store.articles import ArticleRow


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
) -> list[Hit]:
    """Return what a query finds, hits in the title first, the newest first within each.

    `tag` and `source` are names in any printed form; `first` and `last` are days, both included. Raises
    UsageError for a query without a word to look for.
    """
    query = parse_query(text)
    with reading(engine) as connection:
        found = find_articles(
            connection,
            query,
            limit,
            tag_ids=ids_named(connection, "tags", tag) if tag else None,
            source_ids=ids_named(connection, "sources", source) if source else None,
            first=first,
            last=last,
        )
        articles = rows_of(connection, found)
    return [
        Hit(article, snippet(article.title, query, whole=True), snippet(article.body, query)) for article in articles
    ]
