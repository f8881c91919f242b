"""The search index: made with the article in one transaction, and asked the same way on both databases.

PostgreSQL gets a tsvector of our terms and their positions, FTS5 a text of our terms that its tokenizer
cannot split: what is found never depends on the server's own idea of a word.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, delete, insert, select, table

from armcrawl.russian.terms import all_terms
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from armcrawl.sites import PageKey

# A tsvector takes 16,383 positions, 256 of one lexeme and 1 MB: with these limits none of the three is reached.
MAX_TERMS = 10_000
MAX_TERMS_OF_TITLE = 1_000
MAX_OF_ONE_TERM = 200
# A phrase never begins in the title and ends in the body.
GAP = 10
# Stands for a term that is left out, so that the others keep their distances; no term is spelled so.
FILLER = "_"

documents = schema.search_documents
fts = table("search_index", column("rowid"))  # FTS5's, beside the documents on SQLite


def index_articles(connection: Connection, articles: Sequence[tuple[int, PageKey, date | None, str, str]]) -> None:
    """Index articles anew: their id, key, date, title and body."""
    if not articles:
        return
    connection.execute(delete(documents).where(documents.c.article_id.in_([article[0] for article in articles])))
    wanted = [place_of(day, key) for _, key, day, _, _ in articles]
    taken = set(connection.execute(select(documents.c.place).where(documents.c.place.in_(wanted))).scalars())
    is_postgresql = connection.dialect.name == "postgresql"
    rows: list[dict[str, Any]] = []
    for place, (article_id, _, _, title, body) in zip(wanted, articles, strict=True):
        # Two sections of many sites may share a hash: then the next place is free.
        while place in taken:
            place += 1  # noqa: PLW2901 - counted up from the wanted place
        taken.add(place)
        heading, content = _limited(title, body)
        rows.append(
            {
                "place": place,
                "article_id": article_id,
                "title": _tsvector((heading, 1)) if is_postgresql else " ".join(heading),
                "text": _tsvector((heading, 1), (content, len(heading) + GAP)) if is_postgresql else " ".join(content),
            }
        )
    connection.execute(insert(documents), rows)


def _limited(title: str, body: str) -> tuple[list[str], list[str]]:
    """Return the first terms of title and body; those that the article has too often become fillers."""
    heading, content = list(all_terms(title)[:MAX_TERMS_OF_TITLE]), list(all_terms(body)[:MAX_TERMS])
    # Counting is dear, and only a long article can have one term so often.
    if len(heading) + len(content) > MAX_OF_ONE_TERM and max(Counter(heading + content).values()) > MAX_OF_ONE_TERM:
        counts: Counter[str] = Counter()
        heading, content = _thinned(heading, counts), _thinned(content, counts)
    return heading, content


def _thinned(terms: list[str], counts: Counter[str]) -> list[str]:
    kept = []
    for term in terms:
        counts[term] += 1
        kept.append(term if counts[term] <= MAX_OF_ONE_TERM else FILLER)
    return kept


def _tsvector(*parts: tuple[list[str], int]) -> str:
    """Write terms with their positions, each part from a position on; PostgreSQL gathers those of one term."""
    return " ".join([f"{term}:{position}" for part, first in parts for position, term in enumerate(part, first)])
