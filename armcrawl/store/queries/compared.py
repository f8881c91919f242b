"""How an article stands to others: its text, the cluster that holds it, and whether it waits to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_published
from armcrawl.store.clusters.grouping import places_of
from armcrawl.store.clusters.memberships import members_of
from armcrawl.store.clusters.texts import text_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from armcrawl.sites import PageKey

articles, versions = schema.articles, schema.article_versions
clusters, members, unjoined = schema.clusters, schema.cluster_members, schema.unjoined


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """A cluster: its key, how many articles it holds, the earliest of them, and its text: all others are copies."""

    key: str
    articles: int
    earliest: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An article: its text as it is compared; `is_waiting` if the clusters do not know yet what it shows."""

    key: str
    text: str
    is_waiting: bool
    cluster: ClusterSummary | None


def compared(engine: Engine, key: PageKey) -> Compared:
    """Return how an article that is shown stands to others; raises UsageError for one that is not."""
    query = (
        select(articles.c.id, versions.c.title, versions.c.body, articles.c.published_version)
        .outerjoin(versions, is_published())
        .where(articles.c.key == str(key))
    )
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise UsageError(f"The database has no article {key}.")
        if row.published_version is None:
            raise UsageError(f"What the database has of {key} is withheld: `armcrawl status` tells why.")
        text = text_of(row.title, row.body)
        return Compared(str(key), text, is_waiting(connection, row.id), _cluster(connection, row.id))


def is_waiting(connection: Connection, article_id: int) -> bool:
    """Tell whether an article waits to be compared with others."""
    query = select(unjoined.c.article_id).where(unjoined.c.article_id == article_id)
    return connection.execute(query).first() is not None


def _cluster(connection: Connection, article_id: int) -> ClusterSummary | None:
    query = select(clusters).join(members, members.c.cluster_id == clusters.c.id)
    row = connection.execute(query.where(members.c.article_id == article_id)).one_or_none()
    if row is None:
        return None
    places = places_of(connection, members_of(connection, [row.id])[row.id])
    earliest = min(places, key=lambda one: places[one])
    shown = select(articles.c.key, versions.c.title, versions.c.body).join(versions, is_published())
    anchor = connection.execute(shown.where(articles.c.id == earliest)).one()
    return ClusterSummary(row.key, len(places), anchor.key, text_of(anchor.title, anchor.body))
