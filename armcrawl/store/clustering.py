"""Clusters of articles with one text: kept true as articles come, change and go.

Candidates share lowest hashes; the texts themselves decide. Clusters are the connected pieces of `same` and
`near` relations, so that they do not depend on the order in which articles came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, text

from armcrawl.addresses import SITES
from armcrawl.fingerprints.comparing import NEAR_MOST, Grade, Similarity, compare
from armcrawl.fingerprints.first_publisher import Member, first_publisher
from armcrawl.fingerprints.shingles import sketch, words_of
from armcrawl.items import Precision
from armcrawl.russian.typography import normal_form
from armcrawl.store import schema
from armcrawl.store.queries import among, chunks
from armcrawl.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
article_shingles, common_shingles = schema.article_shingles, schema.common_shingles
relations, clusters, cluster_members = schema.relations, schema.clusters, schema.cluster_members

# An arbitrary number that only armcrawl takes this PostgreSQL lock with.
CLUSTER_LOCK = 4_711_033_260
# One hash in common may be a set phrase.
LEAST_IN_COMMON = 2
JOINING = (Grade.SAME, Grade.NEAR)


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """An article's text, its words and their sketch."""

    text: str
    words: list[str]
    sketch: frozenset[int]


def text_of(title: str, body: str) -> str:
    """Return what is compared of an article."""
    return f"{title}\n\n{body}"


def join(connection: Connection, found: Sequence[tuple[int, int | None, Article]]) -> None:
    """Have articles join, found or merge clusters, by their id and the number of the version that was shown before.

    An article that had such a version leaves what that one had joined.
    """
    if not found:
        return
    lock(connection)
    common = read_common(connection)
    touched = leave(connection, {article_id: number for article_id, number, _ in found if number}, common)
    texts = {article_id: text_of(article.title, article.body) for article_id, _, article in found}
    touched |= relate(connection, texts, common)
    if touched:
        recluster(connection, touched)


def relate(
    connection: Connection, texts: Mapping[int, str], common: Collection[int], threshold: float = NEAR_MOST
) -> set[int]:
    """Put texts into the index, by their article, and write their relations; return whose there are."""
    fresh = {article_id: fingerprint(text, common) for article_id, text in texts.items()}
    related = _relate(connection, fresh, threshold)
    index(connection, fresh)
    return related


def index(connection: Connection, fresh: Mapping[int, Fingerprinted]) -> None:
    """Write the sketches of articles."""
    rows = [{"hash": value, "article_id": article_id} for article_id, one in fresh.items() for value in one.sketch]
    if rows:
        connection.execute(insert(article_shingles), rows)


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
    # The table has no index by article: its hashes are made again from the text that they were made from.
    for article_id, indexed_text in _texts(connection, indexed):
        hashes = fingerprint(indexed_text, common).sketch
        is_own = article_shingles.c.article_id == article_id
        connection.execute(delete(article_shingles).where(is_own, article_shingles.c.hash.in_(hashes)))
    return touched


def take_out(connection: Connection, article_id: int) -> None:
    """Take an article out before it is deleted."""
    number = connection.execute(select(articles.c.published_version).where(articles.c.id == article_id)).scalar_one()
    if number is None:
        return
    lock(connection)
    others = leave(connection, {article_id: number}, read_common(connection)) - {article_id}
    connection.execute(delete(cluster_members).where(cluster_members.c.article_id == article_id))
    recluster(connection, others | {article_id})


def lock(connection: Connection) -> None:
    """Let one transaction at a time join articles; on SQLite there is no more than one that writes."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(CLUSTER_LOCK)))


def read_common(connection: Connection) -> frozenset[int]:
    """Return the shingles that make no candidates."""
    return frozenset(connection.execute(select(common_shingles.c.hash)).scalars())


def fingerprint(text: str, common: Collection[int]) -> Fingerprinted:
    """Return a text with its words and its sketch."""
    words = words_of(text)
    return Fingerprinted(text, words, sketch(words, common))


def _relate(connection: Connection, fresh: Mapping[int, Fingerprinted], threshold: float) -> set[int]:
    """Compare articles with their candidates, among themselves and stored; write relations, and return who has some."""
    candidates = _candidates(connection, fresh)
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


def _candidates(connection: Connection, fresh: Mapping[int, Fingerprinted]) -> dict[int, set[int]]:
    """Return which articles share enough hashes with each to be compared."""
    owners: dict[int, set[int]] = defaultdict(set)
    for article_id, one in fresh.items():
        for value in one.sketch:
            owners[value].add(article_id)
    for some in chunks(sorted(owners)):
        # Numbers of our own, written out: thousands of parameters would take longer than the search.
        wanted = text(f"SELECT hash, article_id FROM article_shingles WHERE hash IN ({','.join(map(str, some))})")  # noqa: S608
        for value, article_id in connection.execute(wanted):
            owners[value].add(article_id)
    found: dict[int, set[int]] = {}
    for article_id, one in fresh.items():
        shared = Counter(other for value in one.sketch for other in owners[value] if other != article_id)
        found[article_id] = {other for other, number in shared.items() if number >= LEAST_IN_COMMON}
    return found


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


def clusters_of(connection: Connection, article_ids: Collection[int]) -> dict[int, int]:
    """Return the cluster of each article that is in one."""
    rows = among(connection, select(cluster_members), cluster_members.c.article_id, article_ids)
    return {row.article_id: row.cluster_id for row in rows}


def recluster(connection: Connection, touched: Collection[int] | None = None) -> None:
    """Write the clusters of some articles and of all that hang together with them, or all clusters."""
    members = None if touched is None else _connected(connection, touched)
    pieces = _pieces(connection, members)
    if members is None:
        connection.execute(delete(clusters))
    else:
        old = {
            row.cluster_id for row in among(connection, select(cluster_members), cluster_members.c.article_id, members)
        }
        for some in chunks(sorted(old)):
            connection.execute(delete(clusters).where(clusters.c.id.in_(some)))
    _write(connection, pieces)


def _connected(connection: Connection, touched: Collection[int]) -> set[int]:
    """Return the articles that are, or were, in one piece with some."""
    members = set(touched)
    while True:
        found = set(members)
        own = {
            row.cluster_id for row in among(connection, select(cluster_members), cluster_members.c.article_id, members)
        }
        found |= {
            row.article_id for row in among(connection, select(cluster_members), cluster_members.c.cluster_id, own)
        }
        for edge in _edges(connection, found):
            found |= edge
        if found == members:
            return members
        members = found


def _edges(connection: Connection, members: Collection[int] | None) -> set[frozenset[int]]:
    query = select(relations.c.first_id, relations.c.second_id).where(relations.c.grade.in_(JOINING))
    if members is None:
        return {frozenset(row) for row in connection.execute(query)}
    columns = (relations.c.first_id, relations.c.second_id)
    return {frozenset(row) for column in columns for row in among(connection, query, column, members)}


def _pieces(connection: Connection, members: Collection[int] | None) -> list[set[int]]:
    """Return the connected pieces of two articles or more."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for one, other in map(tuple, _edges(connection, members)):
        neighbours[one].add(other)
        neighbours[other].add(one)
    pieces, seen = [], set[int]()
    for start in neighbours:
        if start in seen:
            continue
        piece, waiting = {start}, [start]
        while waiting:
            new = neighbours[waiting.pop()] - piece
            piece |= new
            waiting += new
        seen |= piece
        pieces.append(piece)
    return pieces


def _write(connection: Connection, pieces: Sequence[set[int]]) -> None:
    """Write clusters, each with its first publisher."""
    if not pieces:
        return
    facts = member_facts(connection, {article_id for piece in pieces for article_id in piece})
    rows, keys = [], []
    for piece in pieces:
        found = first_publisher([facts[article_id] for article_id in piece], NAMES_OF_SITE)
        ids = {facts[article_id].key: article_id for article_id in piece}
        keys.append(min(ids))
        rows.append(
            {
                "key": min(ids),
                "first_id": ids[found.key] if found.key else None,
                "reason": found.reason,
                "confidence": found.confidence,
            }
        )
    statement = insert(clusters).returning(clusters.c.id, sort_by_parameter_order=True)
    cluster_ids = connection.execute(statement, rows).scalars()
    belonging = [
        {"article_id": article_id, "cluster_id": cluster_id}
        for cluster_id, piece in zip(cluster_ids, pieces, strict=True)
        for article_id in sorted(piece)
    ]
    connection.execute(insert(cluster_members), belonging)


def member_facts(connection: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    """Return what tells of articles who had a text first."""
    links, sources = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    table = schema.article_links
    for row in among(connection, select(table.c.article_id, table.c.address), table.c.article_id, article_ids):
        links[row.article_id].add(row.address)
    table = schema.article_sources
    query = select(table.c.article_id, table.c.address, schema.sources.c.key)
    query = query.join(schema.sources, schema.sources.c.id == table.c.source_id)
    for row in among(connection, query, table.c.article_id, article_ids):
        sources[row.article_id].add(row.key)
        links[row.article_id] |= {row.address} - {None}
    holds = _holds(connection, article_ids)
    columns = [versions.c[name] for name in ("published_on", "date_precision", "published_at")]
    query = (
        select(articles.c.id, articles.c.key, pages.c.site, pages.c.address, *columns)
        .join(pages, pages.c.id == articles.c.page_id)
        .join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.published_version))
    )
    return {
        row.id: Member(
            key=row.key,
            site=row.site,
            published_on=row.published_on,
            has_day=row.date_precision == Precision.DAY,
            published_at=row.published_at,
            address=row.address,
            links=frozenset(links[row.id]),
            sources=frozenset(sources[row.id]),
            holds=holds.get(row.id, 0.0),
        )
        for row in among(connection, query, articles.c.id, article_ids)
    }


def _holds(connection: Connection, article_ids: Collection[int]) -> dict[int, float]:
    """Return which share of the texts of its cluster each article holds, in the mean."""
    shares: dict[int, list[float]] = defaultdict(list)
    seen = set[tuple[int, int]]()
    query = select(relations).where(relations.c.grade.in_(JOINING))
    for column in (relations.c.first_id, relations.c.second_id):
        for row in among(connection, query, column, article_ids):
            if (row.first_id, row.second_id) not in seen:
                seen.add((row.first_id, row.second_id))
                shares[row.first_id].append(row.containment_second)
                shares[row.second_id].append(row.containment_first)
    return {article_id: sum(found) / len(found) for article_id, found in shares.items()}


# By what keys of sources a site is named in attributions.
NAMES_OF_SITE = {name: frozenset({name, *(host.casefold() for host in site.hosts)}) for name, site in SITES.items()}
