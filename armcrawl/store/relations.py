"""Relations between articles that have text in common: found in the index, decided by the texts themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from armcrawl.fingerprints.comparing import NEAR_MOST, Grade, Similarity, compare
from armcrawl.fingerprints.shingles import sketch, words_of
from armcrawl.russian.typography import normal_form
from armcrawl.store import schema, shingle_index
from armcrawl.store.queries import among, chunks
from armcrawl.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

articles, versions = schema.articles, schema.article_versions
common_shingles, relations = schema.common_shingles, schema.relations


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """An article's text, its words and their sketch."""

    text: str
    words: list[str]
    sketch: frozenset[int]


def text_of(title: str, body: str) -> str:
    """Return what is compared of an article."""
    return f"{title}\n\n{body}"


def read_common(connection: Connection) -> frozenset[int]:
    """Return the shingles that make no candidates."""
    return frozenset(connection.execute(select(common_shingles.c.hash)).scalars())


def fingerprint(text: str, common: Collection[int]) -> Fingerprinted:
    """Return a text with its words and its sketch."""
    words = words_of(text)
    return Fingerprinted(text, words, sketch(words, common))


def relate(connection: Connection, texts: Mapping[int, str], common: Collection[int]) -> set[int]:
    """Put texts into the index, by their article, and write their relations; return whose there are."""
    fresh = {article_id: fingerprint(text, common) for article_id, text in texts.items()}
    sketches = {article_id: one.sketch for article_id, one in fresh.items()}
    lists = shingle_index.lists_of(connection, sketches)
    shingle_index.add(connection, lists, sketches)
    return _relate(connection, fresh, shingle_index.candidates(lists, sketches), NEAR_MOST)


def relate_indexed(connection: Connection, texts: Mapping[int, str], common: Collection[int], threshold: float) -> None:
    """Write the relations of articles that are in the index, to those whose ids are lower: so each comes once."""
    fresh = {article_id: fingerprint(text, common) for article_id, text in texts.items()}
    sketches = {article_id: one.sketch for article_id, one in fresh.items()}
    found = shingle_index.candidates(shingle_index.lists_of(connection, sketches), sketches)
    lower = {article_id: {other for other in others if other < article_id} for article_id, others in found.items()}
    _relate(connection, fresh, lower, threshold)


def leave(connection: Connection, indexed: Mapping[int, int], common: Collection[int]) -> set[int]:
    """Take articles out of the index and out of their relations; return all whose clusters that may change.

    `indexed` are the numbers of the versions whose text is in the index, by article.
    """
    if not indexed:
        return set()
    touched: set[int] = set()
    for column in (relations.c.first_id, relations.c.second_id):
        for row in among(connection, select(relations.c.first_id, relations.c.second_id), column, indexed):
            touched |= {row.first_id, row.second_id}
        for some in chunks(list(indexed)):
            connection.execute(delete(relations).where(column.in_(some)))
    # The index is not kept by article: its hashes are made again from the text that they were made from.
    texts = _texts(connection, indexed)
    shingle_index.remove(connection, {article_id: fingerprint(text, common).sketch for article_id, text in texts})
    return touched


def _relate(
    connection: Connection,
    fresh: Mapping[int, Fingerprinted],
    candidates: Mapping[int, Collection[int]],
    threshold: float,
) -> set[int]:
    """Compare articles with their candidates, among themselves and stored; write relations, and return who has some."""
    others = {other for found in candidates.values() for other in found} - fresh.keys()
    stored = _texts(connection, dict.fromkeys(others))
    prints = dict(fresh) | {article_id: Fingerprinted(text, words_of(text), frozenset()) for article_id, text in stored}
    pairs = {frozenset((one, other)) for one, found in candidates.items() for other in found & prints.keys()}
    # In the order of their keys, which is the same in every database.
    keys = _keys(connection, {article_id for pair in pairs for article_id in pair})
    rows = [
        _relation(first, second, found)
        for first, second in (sorted(pair, key=lambda article_id: keys.get(article_id, "")) for pair in pairs)
        if (found := _compared(prints[first], prints[second], threshold)).grade is not Grade.DIFFERENT
    ]
    upsert(
        connection,
        relations,
        rows,
        ("first_id", "second_id"),
        ("grade", "containment_first", "containment_second", "jaccard"),
    )
    return {row[name] for row in rows for name in ("first_id", "second_id")}


def _keys(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    query = select(articles.c.id, articles.c.key)
    return {row.id: row.key for row in among(connection, query, articles.c.id, article_ids)}


def _compared(one: Fingerprinted, other: Fingerprinted, threshold: float) -> Similarity:
    found = compare(one.words, other.words, threshold)
    is_same = one.words == other.words and normal_form(one.text) == normal_form(other.text)
    return replace(found, grade=Grade.SAME) if is_same else found


def _relation(first: int, second: int, found: Similarity) -> dict[str, Any]:
    return {
        "first_id": first,
        "second_id": second,
        "grade": found.grade,
        "containment_first": found.containment_a,
        "containment_second": found.containment_b,
        "jaccard": found.jaccard,
    }


def _texts(connection: Connection, numbers: Mapping[int, int | None]) -> list[tuple[int, str]]:
    """Return the texts of articles, of the versions of these numbers, or of those that are shown."""
    if not numbers:
        return []
    query = select(
        versions.c.article_id, versions.c.number, versions.c.title, versions.c.body, articles.c.published_version
    )
    query = query.join(articles, articles.c.id == versions.c.article_id)
    return [
        (row.article_id, text_of(row.title, row.body))
        for row in among(connection, query, versions.c.article_id, numbers)
        if row.number == (numbers[row.article_id] or row.published_version)
    ]
