"""Clusters of articles with one text: kept true as articles come, change and go, in one step apart from storing.

Whoever publishes an article leaves it in the table `unjoined`; `join_some` takes some of these at a time, in a short
transaction of `writing`. What it makes of them is told by the articles that are there, so that the clusters are the
same in whatever order articles came, and when all is made anew.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from armcrawl.items import PublisherEvidence
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.short_locks import joining_clusters
from armcrawl.store.base.sql import among, upsert, write_among
from armcrawl.store.clusters.first_publishers import judge
from armcrawl.store.clusters.grouping import MEMBERS, Group, Grouping, having_texts, reach
from armcrawl.store.clusters.growing import grow
from armcrawl.store.clusters.relations import Relating
from armcrawl.store.clusters.texts import Texts, number_of, shown_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Engine

texts, clusters, members, unjoined = schema.texts, schema.clusters, schema.cluster_members, schema.unjoined
# Articles that join in one transaction: a fraction of a second.
JOINED_AT_ONCE = 100
WAITING = select(unjoined.c.article_id).order_by(unjoined.c.article_id)
JOINED, TEXT_IDS = delete(unjoined), select(texts.c.id)
# What a cluster has between its creation and its judgement, in one transaction.
UNJUDGED = {"first_id": None, "reason": PublisherEvidence.TIE.value, "confidence": 0.0}


def leave_unjoined(connection: Connection, article_ids: Collection[int]) -> None:
    """Have articles wait for `join_some`: what is published of them is new."""
    upsert(connection, unjoined, [{"article_id": article_id} for article_id in sorted(article_ids)], ("article_id",))


def number_unjoined(engine: Engine) -> int:
    """Return how many articles wait."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(unjoined)).scalar_one()


def join_some(engine: Engine) -> int:
    """Have some of the articles that wait join, found or leave clusters; return how many.

    While all clusters are made anew none do: they wait for its end.
    """
    with reading(engine) as connection:
        if connection.execute(WAITING.limit(1)).first() is None:
            return 0
    with joining_clusters(engine) as connection:
        if connection is None:
            return 0
        some = list(connection.execute(WAITING.limit(JOINED_AT_ONCE)).scalars())
        if some:
            join(connection, some)
            write_among(connection, JOINED, unjoined.c.article_id, some)
    return len(some)


def join_after_batch(engine: Engine) -> None:
    """Have what a batch published join at once, on SQLite: a PostgreSQL has other writers, who need not wait for it."""
    if engine.dialect.name == "sqlite":
        while join_some(engine) == JOINED_AT_ONCE:
            pass


def join(connection: Connection, article_ids: Collection[int]) -> None:
    """Bring articles to where their published texts and dates place them."""
    shown = shown_texts(connection, article_ids)
    numbers = {article_id: number_of(text) for article_id, text in shown.items()}
    at_hand = {numbers[article_id]: text for article_id, text in shown.items()}
    _place(connection, article_ids, numbers, Texts(connection, connection, at_hand))


def remove_articles(connection: Connection, article_ids: Collection[int]) -> None:
    """Take articles out before they are deleted."""
    _place(connection, article_ids, {}, Texts(connection, connection))


def _place(connection: Connection, article_ids: Collection[int], numbers: Mapping[int, int], found: Texts) -> None:
    """Give articles the texts with these numbers, or none, and make the clusters anew that this changes."""
    before = {row.article_id: row for row in among(connection, MEMBERS, members.c.article_id, article_ids)}
    moved = {
        article_id: number
        for article_id, number in numbers.items()
        if article_id not in before or before[article_id].text_id != number
    }
    there = set(stored_texts(connection, moved.values()))
    came = set(moved.values()) - there
    relating = Relating(connection, found)
    relating.admit(came)
    rows = [{"article_id": article_id, "text_id": number, "cluster_id": None} for article_id, number in moved.items()]
    upsert(connection, members, rows, ("article_id",), ("text_id", "cluster_id"))
    write_among(connection, delete(members), members.c.article_id, before.keys() - numbers.keys())
    old = {row.text_id for row in before.values()}
    gone = old - having_texts(connection, old).keys()
    # A text that nobody else has, and that is related to none, is in no cluster.
    shared = {number for number, times in Counter(numbers.values()).items() if times > 1 or number not in came}
    touched = relating.settle(came, gone) | (old | shared) - gone
    if not before and not relating.has_dropped:
        touched = grow(connection, moved, touched, found)
    regroup(connection, touched, {row.cluster_id for row in before.values()} - {None}, found)


def stored_texts(connection: Connection, numbers: Collection[int]) -> list[int]:
    """Return those of some texts that are there."""
    return [row.id for row in among(connection, TEXT_IDS, texts.c.id, set(numbers))]


def regroup(connection: Connection, touched: Collection[int], stale: Collection[int], found: Texts) -> None:
    """Make the clusters of some texts and of all that copies lead to anew; `stale` ones may have lost articles."""
    reached, pairs = reach(connection, touched)
    having = having_texts(connection, reached)
    ids = {cluster_id for shown in having.values() for cluster_id in shown.values() if cluster_id}.union(stale)
    if not pairs and not ids and all(len(shown) == 1 for shown in having.values()):
        return
    rows = {row.id: row for row in among(connection, select(clusters), clusters.c.id, ids)}
    known: dict[int, set[int]] = {}
    for text_id, shown in having.items():
        for cluster_id in filter(None, shown.values()):
            known.setdefault(rows[cluster_id].anchor_id, set()).add(text_id)
    groups = Grouping(found, known).groups(reached, having, pairs)
    present = {article_id: cluster_id for shown in having.values() for article_id, cluster_id in shown.items()}
    judge(connection, write_groups(connection, groups, present, rows))


def write_groups(
    connection: Connection, groups: Sequence[Group], present: Mapping[int, int | None], rows: Mapping[int, Any]
) -> list[int]:
    """Write the clusters of articles; `present` tells where these are now, `rows` are the clusters that there are.

    Who has the same anchor as before stays the same cluster.
    """
    by_anchor = {row.anchor_id: row for row in rows.values()}
    kept = {group: by_anchor[group.anchor] for group in groups if group.anchor in by_anchor}
    renamed = [(row.id, group.key) for group, row in kept.items() if row.key != group.key]
    statement = update(clusters).where(clusters.c.id == bindparam("cluster"))
    if renamed:  # a key is free only when nobody has it
        blank = [{"cluster": cluster_id, "name": f"~{cluster_id}"} for cluster_id, _ in renamed]
        connection.execute(statement.values(key=bindparam("name")), blank)
    staying = {row.id for row in kept.values()}
    held = {one: cluster_id for one, cluster_id in present.items() if cluster_id in staying}
    apart = held.keys() - set(chain.from_iterable(group.articles for group in groups))
    write_among(connection, update(members).values(cluster_id=None), members.c.article_id, apart)
    write_among(connection, delete(clusters), clusters.c.id, rows.keys() - staying)
    new = [group for group in groups if group not in kept]
    ids = {group: row.id for group, row in kept.items()}
    if new:
        made = [{"key": group.key, "anchor_id": group.anchor, **UNJUDGED} for group in new]
        inserting = insert(clusters).returning(clusters.c.id, sort_by_parameter_order=True)
        ids |= dict(zip(new, connection.execute(inserting, made).scalars(), strict=True))
    if renamed:
        named = [{"cluster": cluster_id, "name": key} for cluster_id, key in renamed]
        connection.execute(statement.values(key=bindparam("name")), named)
    for group, cluster_id in ids.items():
        joining = [one for one in group.articles if held.get(one) != cluster_id]
        write_among(connection, update(members).values(cluster_id=cluster_id), members.c.article_id, joining)
    return list(ids.values())
