"""Which tokens the search index has, and in how many articles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from armcrawl.store.articles.search_index import period_of
from armcrawl.store.base.schema import search_documents as documents
from armcrawl.store.queries.search_stretches import NEAREST, within

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

# So many are told apart: which of two words is the commoner one.
MAX_ARTICLES = 1_000
SQLITE = """SELECT t.value, (SELECT count(*) FROM (
    SELECT 1 FROM search_index WHERE search_index MATCH '"' || t.value || '"' LIMIT :most))
  FROM json_each(:tokens) t"""
POSTGRESQL = """SELECT t.value, (SELECT count(*) FROM (
    SELECT 1 FROM search_documents d WHERE d.text @@ CAST(quote_literal(t.value) || :among AS tsquery) LIMIT :most) x)
  FROM jsonb_array_elements_text(CAST(:tokens AS jsonb)) t"""


def indexed_tokens(connection: Connection, tokens: Collection[str]) -> dict[str, int]:
    """Return how many articles have each token, up to MAX_ARTICLES; those that none has are left out."""
    if connection.dialect.name != "postgresql":
        return _counted(connection, SQLITE, tokens)
    # Its index gathers all articles of a common word, so that these are counted among the newest.
    common = _counted(connection, POSTGRESQL, tokens, among=_newest(connection))
    common = {token: number for token, number in common.items() if number == MAX_ARTICLES}
    return _counted(connection, POSTGRESQL, set(tokens) - common.keys(), among="") | common


def _counted(connection: Connection, query: str, tokens: Collection[str], **arguments: str) -> dict[str, int]:
    parameters = {"tokens": json.dumps(sorted(tokens)), "most": MAX_ARTICLES, **arguments}
    return {token: number for token, number in connection.execute(text(query), parameters) if number}


def _newest(connection: Connection) -> str:
    """Return the condition for the newest articles; nothing where there are few."""
    places = select(documents.c.place).order_by(documents.c.place.desc()).limit(1)
    newest, border = (connection.execute(query).scalar() for query in (places, places.offset(NEAREST)))
    return within(period_of(border), period_of(newest)) if newest is not None and border is not None else ""
