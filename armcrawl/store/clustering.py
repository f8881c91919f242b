"""Clusters of articles with one text: kept true as articles come, change and go.

Candidates share lowest hashes; the texts themselves decide. Clusters are the connected pieces of `same` and
`near` relations, so that they do not depend on the order in which articles came. All of it happens in transactions of
`writing`, of which there is one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from armcrawl.addresses import SITES
from armcrawl.fingerprints.comparing import Grade
from armcrawl.fingerprints.first_publisher import Member, first_publisher
from armcrawl.items import Precision
from armcrawl.store import schema
from armcrawl.store.queries import among, chunks
from armcrawl.store.relations import leave, read_common, relate, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
relations, clusters, cluster_members = schema.relations, schema.clusters, schema.cluster_members

JOINING = (Grade.SAME, Grade.NEAR)


def join(connection: Connection, found: Sequence[tuple[int, int | None, Article]]) -> None:
    """Have articles join, found or merge clusters, by their id and the number of the version that was shown before.

    An article that had such a version leaves what that one had joined.
    """
    if not found:
        return
    common = read_common(connection)
    touched = leave(connection, {article_id: number for article_id, number, _ in found if number}, common)
    texts = {article_id: text_of(article.title, article.body) for article_id, _, article in found}
    touched |= relate(connection, texts, common)
    if touched:
        recluster(connection, touched)


def take_out(connection: Connection, article_id: int) -> None:
    """Take an article out before it is deleted."""
    number = connection.execute(select(articles.c.published_version).where(articles.c.id == article_id)).scalar_one()
    if number is None:
        return
    others = leave(connection, {article_id: number}, read_common(connection)) - {article_id}
    connection.execute(delete(cluster_members).where(cluster_members.c.article_id == article_id))
    recluster(connection, others | {article_id})


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
    for some in chunks(pieces):
        _write(connection, some)


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
    facts = member_facts(connection, {article_id for piece in pieces for article_id in piece})
    rows = []
    for piece in pieces:
        found = first_publisher([facts[article_id] for article_id in piece], NAMES_OF_SITE)
        ids = {facts[article_id].key: article_id for article_id in piece}
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
