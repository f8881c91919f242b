"""Copies once: of the articles with one text that fit, which ones are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from armcrawl.store.base.schema import cluster_members as members
from armcrawl.store.base.schema import clusters
from armcrawl.store.base.schema import search_documents as documents

if TYPE_CHECKING:
    from sqlalchemy import Select


def later_copies(places: Select[Any]) -> Select[Any]:
    """Of the articles at some places return the places of all but one of each cluster.

    Who had the text first stays, or else the oldest.
    """
    is_first = case((clusters.c.first_id == documents.c.article_id, 0), else_=1)
    rank = func.row_number().over(partition_by=members.c.cluster_id, order_by=(is_first, documents.c.place))
    ranked = (
        select(documents.c.place, rank.label("rank"))
        .join(members, members.c.article_id == documents.c.article_id)
        .join(clusters, clusters.c.id == members.c.cluster_id)
        .where((documents.c.place + 0).in_(places))
        .subquery("ranked")
    )
    return select(ranked.c.place).where(ranked.c.rank > 1)
