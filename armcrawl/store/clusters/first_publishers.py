"""Who of each cluster had its text first: small clusters are judged at once, others when a run is through."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from armcrawl.fingerprints.first_publisher import First, Member, PublisherEvidence, first_publisher
from armcrawl.items import Precision
from armcrawl.sites import host_of, known_sites
from armcrawl.store.base import schema
from armcrawl.store.base.database import writing
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.memberships import members_of, sizes_of
from armcrawl.store.clusters.relations import ENDS, JOINING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Engine

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
relations, clusters = schema.relations, schema.clusters

# A text and its reprints; a run that adds article after article to a larger cluster would judge it again each time.
JUDGED_AT_ONCE = 12
# The whole trade does not print one text so often: that is a series, of which nobody was first.
MAX_JUDGED = 100
# What tells of so many members is read in some 50 ms.
MEMBERS_AT_ONCE = 1_000


def judge(connection: Connection, cluster_ids: Collection[int], at_most: int = MAX_JUDGED) -> None:
    """Write who of clusters had their text first; those of more members than `at_most` go on waiting."""
    sizes = sizes_of(connection, cluster_ids)
    wanted = {cluster_id for cluster_id, size in sizes.items() if size <= at_most}
    members = members_of(connection, wanted)
    facts = member_facts(connection, {article_id for found in members.values() for article_id in found})
    ids = {fact.key: article_id for article_id, fact in facts.items()}
    names = _names_of_publishers(facts.values())
    judged = {
        cluster_id: first_publisher([facts[article_id] for article_id in found], names)
        for cluster_id, found in members.items()
    }
    judged |= {one: First(None, PublisherEvidence.SIZE, 0.0) for one, size in sizes.items() if size > MAX_JUDGED}
    rows = [
        {"cluster": one, "who": ids[first.key] if first.key else None, "why": first.reason, "sure": first.confidence}
        for one, first in judged.items()
    ]
    if rows:
        told: Any = {"first_id": bindparam("who"), "reason": bindparam("why"), "confidence": bindparam("sure")}
        connection.execute(update(clusters).where(clusters.c.id == bindparam("cluster")).values(told), rows)


def _names_of_publishers(members: Iterable[Member]) -> Mapping[str, frozenset[str]]:
    """Return by what keys of sources each site, and each host of a page that was added, is named in attributions."""
    hosts = {member.site: frozenset({member.site, f"www.{member.site}"}) for member in members}
    return hosts | {
        name: frozenset({name, *site.hosts, *site.all_hosts, *map(str.casefold, site.own_names)})
        for name, site in known_sites().items()
    }


def _publisher(site: str, address: str) -> str:
    """Return who publishes a page: its site, or the host of one that was added."""
    declared = known_sites().get(site)
    return host_of(address).removeprefix("www.") if declared is not None and declared.is_any else site


def judge_waiting(engine: Engine) -> int:
    """Judge some of the clusters that wait, in a short transaction; return how many."""
    waiting = select(clusters.c.id).where(clusters.c.reason == PublisherEvidence.WAITING).order_by(clusters.c.id)
    with writing(engine) as connection:
        ids = list(connection.execute(waiting.limit(MEMBERS_AT_ONCE)).scalars())
        sizes = sizes_of(connection, ids)
        taken, total = list[int](), 0
        for cluster_id in ids:
            total += sizes.get(cluster_id, 0) if sizes.get(cluster_id, 0) <= MAX_JUDGED else 1
            if taken and total > MEMBERS_AT_ONCE:
                break
            taken.append(cluster_id)
        judge(connection, taken)
    return len(sizes.keys() & taken)


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
        .join(versions, is_published())
    )
    return {
        row.id: Member(
            key=row.key,
            site=_publisher(row.site, row.address),
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
    for column, share in zip(ENDS, (relations.c.containment_second, relations.c.containment_first), strict=True):
        query = select(column, share).where(relations.c.grade.in_(JOINING))
        for article_id, held in among(connection, query, column, article_ids):
            shares[article_id].append(held)
    return {article_id: fmean(found) for article_id, found in shares.items()}
