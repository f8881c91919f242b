"""Who of each cluster had its text first."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from armcrawl.fingerprints.first_publisher import First, Member, first_publisher
from armcrawl.items import Precision, PublisherEvidence
from armcrawl.sites import host_of, known_sites
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.memberships import members_of, sizes_of
from armcrawl.store.clusters.relations import ENDS, JOINING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
relations, clusters, members = schema.relations, schema.clusters, schema.cluster_members

# The whole trade does not print one text so often: that is a series, of which nobody was first.
MAX_JUDGED = 100


def judge(connection: Connection, cluster_ids: Collection[int]) -> None:
    """Write who of clusters had their text first."""
    sizes = sizes_of(connection, cluster_ids)
    wanted = {cluster_id for cluster_id, size in sizes.items() if size <= MAX_JUDGED}
    held = members_of(connection, wanted)
    facts = member_facts(connection, {article_id for found in held.values() for article_id in found})
    ids = {fact.key: article_id for article_id, fact in facts.items()}
    names = names_of_publishers(facts.values())
    # Who is not shown any more waits to be taken out: then the cluster is judged again, or goes.
    shown = {cluster_id: [facts[one] for one in found if one in facts] for cluster_id, found in held.items()}
    judged = {cluster_id: first_publisher(found, names) for cluster_id, found in shown.items() if len(found) > 1}
    judged |= {one: First(None, PublisherEvidence.SIZE, 0.0) for one, size in sizes.items() if size > MAX_JUDGED}
    rows = [
        {"cluster": one, "who": ids[first.key] if first.key else None, "why": first.reason, "sure": first.confidence}
        for one, first in judged.items()
    ]
    if rows:
        told: Any = {"first_id": bindparam("who"), "reason": bindparam("why"), "confidence": bindparam("sure")}
        connection.execute(update(clusters).where(clusters.c.id == bindparam("cluster")).values(told), rows)


def names_of_publishers(members: Iterable[Member]) -> Mapping[str, frozenset[str]]:
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


def member_facts(connection: Connection, article_ids: Collection[int]) -> dict[int, Member]:
    """Return what tells of articles who had a text first."""
    links, sources = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    table = schema.article_links
    for row in among(connection, select(table.c.article_id, table.c.address), table.c.article_id, article_ids):
        links[row.article_id].add(row.address)
    table = schema.article_sources
    # By the name as it is printed: by entities, each decision on one would have its clusters judged again.
    query = select(table.c.article_id, table.c.address, schema.entity_forms.c.key)
    query = query.join(schema.entity_forms, schema.entity_forms.c.id == table.c.form_id)
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
    """Return which share of the copies of its text that it was compared with each article holds, in the mean."""
    rows = among(connection, select(members), members.c.article_id, article_ids)
    texts = {row.article_id: row.text_id for row in rows}
    shares: dict[int, list[float]] = defaultdict(list)
    for column, share in zip(ENDS, (relations.c.containment_second, relations.c.containment_first), strict=True):
        query = select(column, share).where(relations.c.grade.in_(JOINING))
        for text_id, held in among(connection, query, column, set(texts.values())):
            shares[text_id].append(held)
    return {article_id: fmean(shares[text_id]) for article_id, text_id in texts.items() if text_id in shares}
