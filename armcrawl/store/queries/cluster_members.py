"""Who of a cluster printed its text when, who had it first, and what tells so of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.fingerprints.first_publisher import evidence_against
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.first_publishers import member_facts, names_of_publishers
from armcrawl.store.clusters.grouping import places_of
from armcrawl.store.clusters.memberships import members_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from armcrawl.items import PublisherEvidence

articles, versions, pages = schema.articles, schema.article_versions, schema.pages
clusters, members = schema.clusters, schema.cluster_members


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An article of a cluster; `evidence` tells by what it shows that the first one was before it."""

    key: str
    site: str
    section: str
    published_on: date | None
    date_precision: str | None
    published_at: datetime | None
    attribution: str | None
    title: str
    body: str
    evidence: tuple[PublisherEvidence, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        """What is compared with another one: the title, and each paragraph."""
        return [self.title, *self.body.split("\n\n")]


@dataclass(frozen=True, slots=True)
class ClusterRows:
    """A cluster: its key, how many articles it holds, who was first (None for a tie), why, and how sure that is.

    `earliest` is the earliest by day, time and key, and `rows` are the earliest ones, in this order.
    """

    key: str
    size: int
    first: str | None
    reason: str
    confidence: float
    rows: list[MemberRow]


def cluster_of(connection: Connection, key: str, limit: int) -> ClusterRows | None:
    """Return the cluster with a key, or that holds the article with it, and its earliest articles, at most so many.

    The first one is among them in any case. None where there is no such cluster.
    """
    holding = select(members.c.cluster_id).join(articles, articles.c.id == members.c.article_id)
    query = select(clusters).where((clusters.c.key == key) | clusters.c.id.in_(holding.where(articles.c.key == key)))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    places = places_of(connection, members_of(connection, [row.id])[row.id])
    ordered = sorted(places, key=lambda one: places[one])
    shown = dict.fromkeys([*ordered[:limit], *([row.first_id] if row.first_id in places else [])])
    facts = member_facts(connection, shown)
    names = names_of_publishers(facts.values())
    first = facts.get(row.first_id) if row.first_id is not None else None
    told = [
        versions.c[name] for name in ("published_on", "date_precision", "published_at", "attribution", "title", "body")
    ]
    query = select(articles.c.id, articles.c.key, pages.c.site, pages.c.section, *told).join(versions, is_published())
    query = query.join(pages, pages.c.id == articles.c.page_id)
    found = {one[0]: one[1:] for one in among(connection, query, articles.c.id, shown)}
    evidence = {
        one: evidence_against(fact, first, names) if first is not None and fact is not first else ()
        for one, fact in facts.items()
    }
    rows = [MemberRow(*(*found[one], evidence[one])) for one in shown if one in found and one in evidence]
    return ClusterRows(row.key, len(places), first.key if first else None, row.reason, row.confidence, rows)
