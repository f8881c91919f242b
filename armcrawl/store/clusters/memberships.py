"""Which articles a cluster holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.store.base import schema
from armcrawl.store.base.sql import among

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

table = schema.cluster_members


def members_of(connection: Connection, cluster_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the articles of clusters."""
    found: dict[int, set[int]] = {cluster_id: set() for cluster_id in cluster_ids}
    for row in among(connection, select(table), table.c.cluster_id, cluster_ids):
        found[row.cluster_id].add(row.article_id)
    return found


def sizes_of(connection: Connection, cluster_ids: Collection[int]) -> dict[int, int]:
    """Return how many articles clusters hold; one that holds none is left out."""
    of = table.c.cluster_id
    return {row[0]: row[1] for row in among(connection, select(of, func.count()).group_by(of), of, cluster_ids)}
