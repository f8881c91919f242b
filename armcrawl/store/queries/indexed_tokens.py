"""Which tokens the search index has, and in how many articles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

# So many are told apart: which of two words is the commoner one.
MAX_ARTICLES = 1_000
SQLITE = """SELECT t.value, (SELECT count(*) FROM (
    SELECT 1 FROM search_index WHERE search_index MATCH '"' || t.value || '"' LIMIT :most))
  FROM json_each(:tokens) t"""
POSTGRESQL = """SELECT t.value, (SELECT count(*) FROM (
    SELECT 1 FROM search_documents d WHERE d.text @@ CAST(quote_literal(t.value) AS tsquery) LIMIT :most) x)
  FROM jsonb_array_elements_text(CAST(:tokens AS jsonb)) t"""


def indexed_tokens(connection: Connection, tokens: Collection[str]) -> dict[str, int]:
    """Return how many articles have each token, up to MAX_ARTICLES; those that none has are left out."""
    query = text(POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE)
    found = connection.execute(query, {"tokens": json.dumps(sorted(tokens)), "most": MAX_ARTICLES})
    return {token: number for token, number in found if number}
