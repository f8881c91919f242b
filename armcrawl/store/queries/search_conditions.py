"""What PostgreSQL is asked for: by its index, or of each article that is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, literal, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from armcrawl.store.base import schema
from armcrawl.store.queries.search_expressions import ALL, HEADING, TITLE, tsquery

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from armcrawl.russian.search_query import SearchQuery

# By the columns that they have, the smallest first; each has an index of its own.
VECTORS: dict[frozenset[str], ColumnElement[Any]] = {
    TITLE: schema.search_documents.c.title,
    HEADING: literal_column(schema.HEADING),
    ALL: schema.search_documents.c.text,
}


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """What PostgreSQL looks for in a vector; `rough` finds more, and is what the index is asked for."""

    vector: ColumnElement[Any]
    exact: str
    rough: str

    def is_found(self, periods: str = "") -> ColumnElement[bool]:
        """Return the condition for what is found by the index in some periods."""
        found = self.vector.bool_op("@@")(_tsquery(self.rough + periods))
        return found if self.rough == self.exact else found & self.is_read()

    def is_read(self) -> ColumnElement[bool]:
        """Return the same condition, for which each article is read: no index knows the function."""
        return func.ts_match_vq(self.vector, _tsquery(self.exact))


def wanted_in(query: SearchQuery, columns: frozenset[str]) -> list[VectorQuery]:
    """Return what is looked for in which vectors: the smallest with all columns, and the whole for what is unwanted."""
    node = query.node
    whole, wanted = tsquery(node, columns), tsquery(node, columns, unwanted=False)
    having = next(each for each in VECTORS if tsquery(node, columns & each, unwanted=False) == wanted)
    exact = tsquery(node, columns, having, unwanted=False)
    # The index would try each distance of two words, and again when an article is read.
    rough = tsquery(node, columns, having, unwanted=False, distances=False)
    in_text = VectorQuery(
        VECTORS[ALL], whole, whole if rough == exact else tsquery(node, columns, unwanted=False, distances=False)
    )
    if having == ALL:
        return [in_text]
    found = VectorQuery(VECTORS[having], exact, rough)
    return [found] if wanted == whole else [found, in_text]


def _tsquery(wanted: str) -> ColumnElement[Any]:
    return cast(literal(wanted, Text), TSQUERY)
