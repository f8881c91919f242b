"""Clusters that only grow: most copies join a cluster that changes nothing else, and need not read all of it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from armcrawl.fingerprints.comparing import compare
from armcrawl.store.base import schema
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.sql import among, write_among
from armcrawl.store.clusters.first_publishers import judge
from armcrawl.store.clusters.grouping import having_texts, places_of
from armcrawl.store.clusters.relations import ENDS, JOINING, related_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from armcrawl.store.clusters.texts import Texts

relations, clusters, members = schema.relations, schema.clusters, schema.cluster_members
ROWS = select(clusters)
HELD = select(members.c.text_id).where(members.c.cluster_id == bindparam("cluster"))
# Copies of a cluster's texts that it does not hold, from either end of a relation. Sets: a question for each relation
# lets SQLite go through the cluster each time.
OUTSIDE = [
    select(far)
    .select_from(members.join(relations, near == members.c.text_id))
    .where(members.c.cluster_id == bindparam("cluster"), relations.c.grade.in_(JOINING))
    .except_(HELD)
    .limit(1)
    for near, far in (ENDS, ENDS[::-1])
]


def grow(connection: Connection, fresh: Mapping[int, int], touched: set[int], found: Texts) -> set[int]:
    """Have new articles, given with their texts, join; return those of the touched texts that are yet to be regrouped.

    A cluster that holds all that copies lead to stays one if copies of its anchor come after it: the anchor takes them
    all, whatever their order. That no relation went is for the caller to know.
    """
    pairs = related_pairs(connection, touched.intersection(fresh.values()), are_copies=True)
    having = having_texts(connection, touched.union(chain.from_iterable(pairs)))
    ids = {cluster_id for shown in having.values() for cluster_id in shown.values() if cluster_id}
    rows = {row.id: row for row in among(connection, ROWS, clusters.c.id, ids)}
    anchors = {(text_id, rows[one].anchor_id) for text_id, shown in having.items() for one in shown.values() if one}
    left, grown = set[int](), list[int]()
    for piece in connected_components(having.keys() | {anchor for _, anchor in anchors}, pairs | anchors):
        shown = {article_id: one for text_id in piece for article_id, one in having.get(text_id, {}).items()}
        holding = {one for article_id, one in shown.items() if article_id not in fresh}
        new = {article_id: fresh[article_id] for article_id in shown.keys() & fresh.keys()}
        if new and len(holding) == 1 and (row := rows.get(*holding)) and _takes(connection, row, new, found):
            grown.append(row.id)
        elif holding or len(shown) > 1:
            left |= piece
    if grown:
        judge(connection, grown)
    return left


def _takes(connection: Connection, row: Row[Any], new: Mapping[int, int], found: Texts) -> bool:
    """Have a cluster take articles if it can, and tell whether it holds all then that copies lead to."""
    there = having_texts(connection, {row.anchor_id, *new.values()})
    first = [article_id for article_id in there[row.anchor_id] if article_id not in new]
    places = places_of(found.source, {*first, *new})
    if not places.keys() >= {*first, *new} or min(places[one] for one in first) > min(places[one] for one in new):
        return False
    unknown = {text_id for text_id in new.values() if there[text_id].keys() <= new.keys()}
    if found.fetch({row.anchor_id, *unknown}):
        return False
    anchor = found.shingled(row.anchor_id)
    if any(compare(anchor, found.shingled(text_id)).grade not in JOINING for text_id in unknown):
        return False
    write_among(connection, update(members).values(cluster_id=row.id), members.c.article_id, new)
    if (key := min(places[one][-1] for one in new)) < row.key:
        connection.execute(update(clusters).where(clusters.c.id == row.id).values(key=key))
    return not any(connection.execute(query, {"cluster": row.id}).first() for query in OUTSIDE)
