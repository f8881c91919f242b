"""Making all clusters anew, and telling what that changes; the texts of two articles."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.exc import OperationalError

from armcrawl.errors import ArmcrawlError
from armcrawl.fingerprints.comparing import MIN_SHARED
from armcrawl.store.admin.rerelating import relate_all, scratch
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing_a_piece
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.short_locks import making_clusters_anew
from armcrawl.store.base.sql import among, chunks, upsert
from armcrawl.store.clusters.clustering import write_groups
from armcrawl.store.clusters.first_publishers import judge
from armcrawl.store.clusters.grouping import Grouping, having_texts, reach
from armcrawl.store.clusters.shingle_index import all_lists, table, write_lists
from armcrawl.store.clusters.texts import Texts
from armcrawl.store.runs.publishing import join_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Connection, Engine, Table

    from armcrawl.processes.pool import Pool
    from armcrawl.store.clusters.grouping import Group

articles, versions = schema.articles, schema.article_versions
texts, relations, members, clusters = schema.texts, schema.relations, schema.cluster_members, schema.clusters
# Rows that are written in one transaction of a second at most.
ROWS_AT_ONCE = 5_000
# Articles whose clusters are written in one transaction; a cluster is never parted.
MEMBERS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild changed: clusters by their articles' keys, before and after."""

    articles: int
    clusters: int
    gained: tuple[tuple[str, ...], ...]
    lost: tuple[tuple[str, ...], ...]


def rebuild_clusters(
    engine: Engine,
    *,
    threshold: float = MIN_SHARED,
    is_tried: bool = False,
    tell: Callable[[int, int | None], None] | None = None,
    pool: Pool | None = None,
) -> Rebuilt:
    """Make texts, index, relations and clusters anew, beside the database, and bring over what is otherwise.

    That is done in short transactions, after each of which every cluster is whole; if it is interrupted, another
    rebuild completes it. Others write meanwhile: what comes or changes waits to join, and does so in the end. A
    takedown may come in between: then all is done once more.

    `threshold` is the containment from which two texts share their text; `is_tried` leaves all as it was; `tell` hears
    how many articles are done; `pool` is where texts are taken apart, this machine's cores without one. Raises
    ArmcrawlError where the disk has no room for what is made beside the database.
    """
    last, before_that = _articles(engine)
    try:
        with nullcontext() if is_tried else making_clusters_anew(engine), scratch() as own:
            number = relate_all(engine, own, _number_shown(engine), threshold, tell, pool)
            with reading(engine) as source, own.connect() as connection:
                groups = _grouped(connection, source, threshold)
                after = {group.articles for group in groups}
                before = _stored(source)
                gained, lost = _by_key(source, after - before), _by_key(source, before - after)
            if not is_tried:
                _bring_over(engine, own)
                _write_clusters(engine, groups, before)
    except (OSError, OperationalError) as error:
        said = error.strerror if isinstance(error, OSError) else error.orig
        raise ArmcrawlError(
            f"No room for temporary files in {gettempdir()} ({said}): set TMPDIR to a larger disk's folder."
        ) from error
    if not is_tried and _articles(engine, last)[1] < before_that:
        again = rebuild_clusters(engine, tell=tell, pool=pool)
        return Rebuilt(again.articles, again.clusters, gained, lost)
    if not is_tried:
        join_waiting(engine)
    return Rebuilt(number, len(after), gained, lost)


def _grouped(own: Connection, source: Connection, threshold: float) -> list[Group]:
    """Return the clusters that the new relations make."""
    shared = select(members.c.text_id).group_by(members.c.text_id).having(func.count() > 1)
    ends = select(relations.c.first_id).union(select(relations.c.second_id), shared)
    reached, pairs = reach(own, list(own.execute(ends).scalars()))
    return Grouping(Texts(own, source), {}, threshold).groups(reached, having_texts(own, reached), pairs)


def _stored(connection: Connection) -> set[frozenset[int]]:
    """Return the clusters that the database holds."""
    found: dict[int, set[int]] = {}
    for row in connection.execute(select(members).where(members.c.cluster_id.is_not(None))):
        found.setdefault(row.cluster_id, set()).add(row.article_id)
    return set(map(frozenset, found.values()))


def _by_key(connection: Connection, found: Collection[frozenset[int]]) -> tuple[tuple[str, ...], ...]:
    """Return clusters as the sorted keys of their articles, as far as these are there."""
    query = select(articles.c.id, articles.c.key)
    keys = {row.id: row.key for row in among(connection, query, articles.c.id, set(chain.from_iterable(found)))}
    return tuple(sorted(tuple(sorted(keys[one] for one in held & keys.keys())) for held in found))


def _articles(engine: Engine, last: int | None = None) -> tuple[int, int]:
    """Return the highest number of an article, and how many there are up to that, or to another."""
    query = select(func.coalesce(func.max(articles.c.id), 0), func.count())
    with reading(engine) as connection:
        found = connection.execute(query if last is None else query.where(articles.c.id <= last)).one()
    return found[0], found[1]


def _number_shown(engine: Engine) -> int:
    query = select(func.count()).select_from(articles).where(articles.c.published_version.is_not(None))
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def _bring_over(engine: Engine, own: Engine) -> None:
    """Put what is new in the place of what the database holds: texts, articles' texts, relations, the index.

    First what is new, then without what is old, so that each row always has those that it names.
    """
    with own.connect() as source:
        for one in (texts, members, relations):
            _bring_rows(engine, source, one)
        for one in (relations, members, texts):
            _forget_rows(engine, source, one)
        for buckets, lists in all_lists(source):
            with writing_a_piece(engine) as connection:
                old = select(table.c.bucket).where(table.c.bucket >= buckets.start, table.c.bucket < buckets.stop)
                emptied = dict.fromkeys(set(connection.execute(old).scalars()) - lists.keys(), b"")
                write_lists(connection, lists | emptied)


def _bring_rows(engine: Engine, source: Connection, one: Table) -> None:
    keys = list(one.primary_key.columns)
    told = [column.name for column in one.columns if column not in keys and column.name != "cluster_id"]
    for rows in _pieces(source, one):
        with writing_a_piece(engine) as connection:
            found = {_key_of(one, row): row for row in _rows_at(connection, one, rows)}
            new = [
                row
                for row in rows
                if (there := found.get(_key_of(one, row))) is None or any(row[name] != there[name] for name in told)
            ]
            if one is members:  # a takedown may have come meanwhile
                wanted = {row["article_id"] for row in new}
                here = {row.id for row in among(connection, select(articles.c.id), articles.c.id, wanted)}
                new = [row for row in new if row["article_id"] in here]
            upsert(connection, one, new, [column.name for column in keys], told)


def _forget_rows(engine: Engine, source: Connection, one: Table) -> None:
    keys = list(one.primary_key.columns)
    with reading(engine) as connection:
        pieces = list(_pieces(connection, one))
    for rows in pieces:
        there = {_key_of(one, row) for row in _rows_at(source, one, rows)}
        old = [key for row in rows if (key := _key_of(one, row)) not in there]
        with writing_a_piece(engine) as connection:
            for some in chunks(old):
                connection.execute(delete(one).where(tuple_(*keys).in_(some)))


def _pieces(connection: Connection, one: Table) -> Iterator[list[dict[str, Any]]]:
    keys = list(one.primary_key.columns)
    query, last = select(one).order_by(*keys).limit(ROWS_AT_ONCE), None
    while True:
        after = query if last is None else query.where(tuple_(*keys) > last)
        rows = [dict(row) for row in connection.execute(after).mappings()]
        if not rows:
            return
        yield rows
        last = _key_of(one, rows[-1])


def _rows_at(connection: Connection, one: Table, rows: Collection[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    first = next(iter(one.primary_key.columns))
    found = among(connection, select(one), first, {row[first.name] for row in rows})
    return (row._asdict() for row in found)


def _key_of(one: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in one.primary_key.columns)


def _write_clusters(engine: Engine, groups: Collection[Group], before: Collection[frozenset[int]]) -> None:
    """Write the clusters that are otherwise than before, those that have articles in common together; judge all."""
    changed = {group.articles for group in groups}.symmetric_difference(before)
    edges = [(first, one) for held in changed for first in (min(held),) for one in held]
    waiting: set[int] = set()
    for piece in [*connected_components(set(chain.from_iterable(edges)), edges), set[int]()]:
        if waiting and (not piece or len(waiting) + len(piece) > MEMBERS_AT_ONCE):
            with writing_a_piece(engine) as connection:
                rows = list(among(connection, select(members), members.c.article_id, waiting))
                stored = among(connection, select(clusters), clusters.c.id, {row.cluster_id for row in rows} - {None})
                present = {row.article_id: row.cluster_id for row in rows}
                found = [group for group in groups if not group.articles.isdisjoint(waiting)]
                write_groups(connection, found, present, {row.id: row for row in stored})
            waiting = set()
        waiting |= piece
    with writing_a_piece(engine) as connection:
        held = select(members.c.cluster_id).where(members.c.cluster_id.is_not(None))
        connection.execute(delete(clusters).where(clusters.c.id.not_in(held)))
        ids = list(connection.execute(select(clusters.c.id)).scalars())
    for some in chunks(ids):
        with writing_a_piece(engine) as connection:
            judge(connection, some)
