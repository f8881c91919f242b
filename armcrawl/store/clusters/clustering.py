"""Clusters of articles with one text: kept true as articles come, change and go.

Candidates share lowest hashes; the texts themselves decide. Clusters are the connected components of `same` and
`near` relations, so that they do not depend on the order in which articles came. A new article joins a cluster without
reading its other members, so that a large cluster costs no more than a small one; only where an article that leaves
may have held its cluster together, the cluster is read whole. Articles that fall out of it are compared anew: each was
compared with a few of its copies only, and these may be the ones that left. Some are compared at once, the rest waits
in the table `fallen` for the end of the run. All of it happens in transactions of `writing`, one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select, update

from armcrawl.fingerprints.first_publisher import PublisherEvidence
from armcrawl.store.base import schema
from armcrawl.store.base.database import writing
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.sql import among, upsert, write_among
from armcrawl.store.clusters.first_publishers import JUDGED_AT_ONCE, judge
from armcrawl.store.clusters.memberships import clusters_of, keys_of, members_of, sizes_of
from armcrawl.store.clusters.relations import edges, relate, remove_relations, shown_texts, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Article

articles, clusters, cluster_members = schema.articles, schema.clusters, schema.cluster_members
fallen = schema.fallen

# Nothing is told yet of who had a text first.
UNJUDGED = {"first_id": None, "reason": PublisherEvidence.WAITING.value, "confidence": 0.0}
# Articles that fell out of clusters and are compared anew in one transaction: a second's work.
MAX_FALLEN = 500


def join(connection: Connection, found: Sequence[tuple[int, str | None, Article]]) -> None:
    """Have articles join, found or merge clusters, by their id and the text that was shown before.

    An article whose text has changed leaves the cluster of its old text. One with the same text stays where it is, and
    only who was first is judged anew.
    """
    if not found:
        return
    texts = {article_id: text_of(article.title, article.body) for article_id, _, article in found}
    before = {article_id: text for article_id, text, _ in found if text is not None}
    staying = {article_id for article_id, text in before.items() if text == texts[article_id]}
    old = {article_id: text for article_id, text in before.items() if article_id not in staying}
    new = {article_id: text for article_id, text in texts.items() if article_id not in staying}
    _rejoin(connection, remove_relations(connection, old), new)
    _judge_again(connection, staying)


def remove_article(connection: Connection, article_id: int) -> None:
    """Take an article out before it is deleted."""
    _rejoin(connection, remove_relations(connection, shown_texts(connection, [article_id])), {})


def rewrite(connection: Connection, members: Collection[int]) -> None:
    """Write the clusters of some articles anew from their relations; no article outside may be related to them.

    Other members of these clusters get clusters of their own again.
    """
    present = members_of(connection, set(clusters_of(connection, members).values()))
    _delete(connection, present)
    all_members = set(members).union(*present.values())
    pieces = connected_components(all_members, edges(connection, all_members))
    judge(connection, _create(connection, pieces), at_most=JUDGED_AT_ONCE)


def _rejoin(connection: Connection, neighbours: Mapping[int, set[int]], texts: Mapping[int, str]) -> None:
    """Take clusters apart that articles have left, and have some texts and the articles that fell out join clusters.

    `neighbours` are the articles that each of those that left was related to.
    """
    touched, fell = _take_apart(connection, neighbours)
    at_once, later = sorted(fell)[:MAX_FALLEN], sorted(fell)[MAX_FALLEN:]
    mark_fallen(connection, later)
    _compare(connection, {**shown_texts(connection, at_once), **texts}, touched)


def _compare(connection: Connection, texts: Mapping[int, str], touched: Collection[int] = ()) -> None:
    """Have texts join clusters; judge the clusters that this changes, and others that were touched."""
    united = _merge(connection, relate(connection, texts))
    judge(connection, united.union(touched), at_most=JUDGED_AT_ONCE)


def _judge_again(connection: Connection, article_ids: Collection[int]) -> None:
    """Judge the clusters of articles anew, whose text is the same but whose date, source or links may be others."""
    touched = set(clusters_of(connection, article_ids).values())
    write_among(connection, update(clusters).values(UNJUDGED), clusters.c.id, touched)
    judge(connection, touched, at_most=JUDGED_AT_ONCE)


def mark_fallen(connection: Connection, article_ids: Collection[int]) -> None:
    """Have articles wait in the table `fallen` until they are compared anew."""
    upsert(connection, fallen, [{"article_id": article_id} for article_id in article_ids], ("article_id",))


def rejoin_fallen(engine: Engine) -> int:
    """Compare some of the articles that wait for it, in a short transaction; return how many.

    No further article falls out of a cluster by that, so to call it until none is left comes to an end.
    """
    with writing(engine) as connection:
        query = select(fallen.c.article_id).order_by(fallen.c.article_id).limit(MAX_FALLEN)
        some = list(connection.execute(query).scalars())
        _compare(connection, shown_texts(connection, some))
        write_among(connection, delete(fallen), fallen.c.article_id, some)
    return len(some)


def _take_apart(connection: Connection, neighbours: Mapping[int, set[int]]) -> tuple[set[int], set[int]]:
    """Take articles that lost their relations out of their clusters.

    Return the clusters that this changed, and the articles that fell out of them by it; of the largest part of each
    one article stands for all. `neighbours` are the articles that each had been related to. Where these are
    still connected the whole cluster is; where not, it is read whole.
    """
    of = clusters_of(connection, neighbours)
    if not of:
        return set(), set()
    write_among(connection, delete(cluster_members), cluster_members.c.article_id, of)
    around: defaultdict[int, set[int]] = defaultdict(set)
    for article_id, cluster_id in of.items():
        around[cluster_id] |= neighbours[article_id] - of.keys()
    sizes = sizes_of(connection, around)
    touched: set[int] = set()
    fell: set[int] = set()
    for cluster_id, related in around.items():
        if sizes.get(cluster_id, 0) > 1 and len(connected_components(related, edges(connection, related))) == 1:
            touched.add(cluster_id)
        else:
            members = members_of(connection, [cluster_id])[cluster_id]
            _delete(connection, [cluster_id])
            pieces = connected_components(members, edges(connection, members))
            pieces.sort(key=lambda piece: (-len(piece), min(piece)))
            touched |= _create(connection, pieces)
            largest = sorted(pieces[0]) if pieces else []
            fell |= members.difference(largest[1:])
    _name(connection, touched)
    return touched, fell


def _merge(connection: Connection, pairs: Collection[tuple[int, int]]) -> set[int]:
    """Bring the articles of pairs into one cluster each; return the clusters that there are now.

    Of clusters that become one the smaller join the largest: an article changes its cluster seldom, however many join.
    """
    ends = {article_id for pair in pairs for article_id in pair}
    of = clusters_of(connection, ends)
    sizes = sizes_of(connection, set(of.values()))
    names, keys = _names(connection, sizes), keys_of(connection, ends - of.keys())
    lone: list[set[int]] = []
    united: dict[int, str] = {}
    joining: list[tuple[int, int]] = []
    for piece in connected_components(ends, pairs):
        present = sorted({of[one] for one in piece if one in of}, key=lambda one: (-sizes[one], one))
        if not present:
            lone.append(piece)
            continue
        largest, *others = present
        moved = update(cluster_members).values(cluster_id=largest)
        write_among(connection, moved, cluster_members.c.cluster_id, others)
        _delete(connection, others)
        new = piece - of.keys()
        joining += [(largest, one) for one in new]
        united[largest] = min([names[one] for one in present] + [keys[one] for one in new])
    _insert_members(connection, joining)
    if united:
        statement = update(clusters).where(clusters.c.id == bindparam("cluster"))
        rows = [{"cluster": cluster_id, "name": name} for cluster_id, name in united.items()]
        connection.execute(statement.values(key=bindparam("name"), **UNJUDGED), rows)
    return united.keys() | _create(connection, lone)


def _create(connection: Connection, pieces: Iterable[Collection[int]]) -> set[int]:
    """Write new clusters, of two articles or more each; return them."""
    pieces = [piece for piece in pieces if len(piece) > 1]
    if not pieces:
        return set()
    keys = keys_of(connection, {article_id for piece in pieces for article_id in piece})
    rows = [{"key": min(keys[one] for one in piece), **UNJUDGED} for piece in pieces]
    statement = insert(clusters).returning(clusters.c.id, sort_by_parameter_order=True)
    new = list(connection.execute(statement, rows).scalars())
    _insert_members(connection, [(one, member) for one, piece in zip(new, pieces, strict=True) for member in piece])
    return set(new)


def _insert_members(connection: Connection, belonging: Sequence[tuple[int, int]]) -> None:
    rows = [{"cluster_id": cluster_id, "article_id": article_id} for cluster_id, article_id in belonging]
    if rows:
        connection.execute(insert(cluster_members), rows)


def _name(connection: Connection, cluster_ids: Collection[int]) -> None:
    """Name clusters after the lowest key of their articles, now that these are others; nobody had them first yet."""
    lowest = (
        select(func.min(articles.c.key))
        .join(cluster_members, cluster_members.c.article_id == articles.c.id)
        .where(cluster_members.c.cluster_id == clusters.c.id)
        .scalar_subquery()
    )
    write_among(connection, update(clusters).values(key=lowest, **UNJUDGED), clusters.c.id, cluster_ids)


def _names(connection: Connection, cluster_ids: Collection[int]) -> dict[int, str]:
    query = select(clusters.c.id, clusters.c.key)
    return {row.id: row.key for row in among(connection, query, clusters.c.id, cluster_ids)}


def _delete(connection: Connection, cluster_ids: Collection[int]) -> None:
    write_among(connection, delete(clusters), clusters.c.id, cluster_ids)
