"""A search from what a person typed to hits with excerpts, and to what else might have been meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from armcrawl.analysis.snippets import snippet
from armcrawl.analysis.suggestions import Suggestion, count, suggestions
from armcrawl.analysis.unknown_names import UnknownName, unknown_names
from armcrawl.options import LARGEST
from armcrawl.russian import query_hints
from armcrawl.russian.search_query import Zone, parse_query
from armcrawl.store.base.database import reading
from armcrawl.store.queries.article_rows import article_rows_of
from armcrawl.store.queries.choice import EVERYTHING, Choice
from armcrawl.store.queries.full_text_search import MAX_COUNTED_HITS, Finder, Order
from armcrawl.store.queries.search_statements import statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
class HitsWanted:
    """Which hits of a query are wanted: at most so many, None for all."""

    query: SearchQuery
    choice: Choice = EVERYTHING
    order: Order = Order.BEST
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    `total` counts articles, also those with one text, up to MAX_COUNTED_HITS; `is_more` tells that there are more.
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


def search(engine: Engine, text: str, limit: int, choice: Choice = EVERYTHING, *, order: Order = Order.BEST) -> Found:
    """Return what a query finds: hits in the title first, then in tags and sources, the newest first within each.

    Raises UsageError for a query without a word to look for.
    """
    query = parse_query(text)
    with reading(engine) as connection:
        finder = Finder(connection, query, choice)
        found = finder.find(limit, order)
        # Fewer hits than asked for are all there are.
        total = len(found) if len(found) < limit else finder.count()
        hits = _hits(connection, found, query)
        meant = [] if found else suggestions(connection, text, choice)
        unknown = [] if found else unknown_names(connection, text, choice, partial(count, connection))
    is_more = total > MAX_COUNTED_HITS
    return Found(hits, min(total, MAX_COUNTED_HITS), is_more, query.dropped, query_hints.hints(text), unknown, meant)


def hits_in_pieces(engine: Engine, wanted: HitsWanted, size: int) -> Iterator[list[Hit]]:
    """Yield all hits that are wanted, so many at a time."""
    with reading(engine) as connection:
        found = _found(connection, wanted)
        for start in range(0, len(found), size):
            yield _hits(connection, found[start : start + size], wanted.query)


def count_hits(engine: Engine, wanted: HitsWanted) -> int:
    """Return how many hits are wanted."""
    with reading(engine) as connection:
        return len(_found(connection, wanted))


def statement(engine: Engine, text: str, choice: Choice) -> str:
    """Return the SQL statement that finds the same articles in this database: their keys, and the rank of each."""
    query = parse_query(text)
    with reading(engine) as connection:
        return statement_of(connection, query, choice)


def _found(connection: Connection, wanted: HitsWanted) -> list[int]:
    return Finder(connection, wanted.query, wanted.choice).find(wanted.limit or LARGEST, wanted.order)


def _hits(connection: Connection, found: Sequence[int], query: SearchQuery) -> list[Hit]:
    return [
        Hit(one, snippet(one.title, query, Zone.TITLE, whole=True), snippet(one.body, query))
        for one in article_rows_of(connection, found)
    ]
