"""Relations between articles that have text in common: found in the index, decided by the texts themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from armcrawl.fingerprints.comparing import MIN_SHARED, Grade, Similarity, compare
from armcrawl.fingerprints.shingles import Shingled, shingled, sketch, words_of
from armcrawl.store.base import schema
from armcrawl.store.base.sql import ROWS_AT_ONCE, among, is_published, upsert, write_among
from armcrawl.store.clusters import shingle_index
from armcrawl.store.clusters.memberships import clusters_of, keys_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

articles, versions = schema.articles, schema.article_versions
relations = schema.relations
ENDS = (relations.c.first_id, relations.c.second_id)
# Grades that put two articles into one cluster.
JOINING = (Grade.SAME, Grade.NEAR)


@dataclass(frozen=True, slots=True)
class Index:
    """Where postings and relations are kept, and which containment makes a text near.

    That is the database itself, unless a rebuild makes both anew beside it.
    """

    connection: Connection
    threshold: float = MIN_SHARED


def text_of(title: str, body: str) -> str:
    """Return what is compared of an article."""
    return f"{title}\n\n{body}"


# So many copies hold an article in a cluster; with more of one cluster it is not compared.
MAX_COPIES = 4


# As many as a batch is compared with, where all come from two hundred templates; some 40 MB.
@lru_cache(maxsize=2_048)
def shingled_text(text: str) -> Shingled:
    """Return a text as it is compared; those that many articles are compared with are read once."""
    return shingled(text)


def sketch_of(text: str) -> frozenset[int]:
    """Return what stands in the index for a text."""
    return sketch(words_of(text))


def relate(connection: Connection, texts: Mapping[int, str], index: Index | None = None) -> list[tuple[int, int]]:
    """Put texts into the index, by their article, and write their relations; return the pairs that make clusters."""
    index = index or Index(connection)
    candidates = shingle_index.add(
        index.connection, {article_id: sketch_of(text) for article_id, text in texts.items()}
    )
    if index.connection is connection:  # what a rebuild finds does not rest on what was found before
        of = clusters_of(connection, {other for found in candidates.values() for other in found})
        candidates = {article_id: _some_of_each(found, of) for article_id, found in candidates.items()}
    others = {other for found in candidates.values() for other in found} - texts.keys()
    known = dict(texts) | shown_texts(connection, others)
    keys = keys_of(connection, known)
    rows: list[dict[str, Any]] = []
    for article_id, found in candidates.items():
        for other in found:
            if other not in known:
                continue
            # In the order of their keys, which is the same in every database.
            first, second = sorted((article_id, other), key=lambda one: keys.get(one, ""))
            compared = compare(shingled_text(known[first]), shingled_text(known[second]), index.threshold)
            if compared.grade is not Grade.DIFFERENT:
                rows.append(_relation(first, second, compared))
    key, told = ("first_id", "second_id"), ("grade", "containment_first", "containment_second", "jaccard")
    upsert(index.connection, relations, rows, key, told)
    return [(row["first_id"], row["second_id"]) for row in rows if row["grade"] in JOINING]


def _some_of_each(candidates: Sequence[int], of: Mapping[int, int]) -> list[int]:
    """Return the first candidates of each cluster, and all that are in none."""
    taken: Counter[int] = Counter()
    kept = []
    for other in candidates:
        cluster_id = of.get(other)
        if cluster_id is None or taken[cluster_id] < MAX_COPIES:
            kept.append(other)
        if cluster_id is not None:
            taken[cluster_id] += 1
    return kept


def remove_relations(connection: Connection, indexed: Mapping[int, str]) -> dict[int, set[int]]:
    """Take articles out of the index and out of their relations; return with whom each was in one cluster by these.

    `indexed` are the texts that are in the index, by article: it is not kept by article, and its hashes are made
    again from the text that they were made from.
    """
    neighbours: dict[int, set[int]] = {article_id: set() for article_id in indexed}
    for column, other in (ENDS, ENDS[::-1]):
        query = select(column, other).where(relations.c.grade.in_(JOINING))
        for row in among(connection, query, column, indexed):
            neighbours[row[0]].add(row[1])
        write_among(connection, delete(relations), column, indexed)
    shingle_index.remove(connection, {article_id: sketch_of(text) for article_id, text in indexed.items()})
    return neighbours


def edges(connection: Connection, members: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that make clusters, of which both are among some articles."""
    first, second = ENDS
    query = select(first, second).where(relations.c.grade.in_(JOINING))
    if len(members) <= ROWS_AT_ONCE:  # one of a few may be related to thousands besides
        query = query.where(second.in_(members))
    for row in among(connection, query, first, members):
        yield row[0], row[1]


def shown_texts(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """Return the texts of articles, of the versions that are shown."""
    query = select(articles.c.id, versions.c.title, versions.c.body).join(versions, is_published())
    return {row.id: text_of(row.title, row.body) for row in among(connection, query, articles.c.id, article_ids)}


def _relation(first: int, second: int, found: Similarity) -> dict[str, Any]:
    return {
        "first_id": first,
        "second_id": second,
        "grade": found.grade,
        "containment_first": found.containment_a,
        "containment_second": found.containment_b,
        "jaccard": found.jaccard,
    }
