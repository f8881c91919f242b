"""Making all clusters anew, and telling what that changes; comparing two articles passage by passage."""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, delete, func, insert, select
from sqlalchemy.exc import OperationalError

from armcrawl.errors import ArmcrawlError, UsageError
from armcrawl.fingerprints.comparing import MIN_SHARED
from armcrawl.store.articles.versions import ids_shown
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.graph import connected_components
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.clustering import mark_fallen, rewrite
from armcrawl.store.clusters.memberships import members_of
from armcrawl.store.clusters.relations import ENDS, JOINING, Index, relate, shown_texts, text_of
from armcrawl.store.clusters.shingle_index import all_lists, table, without, write_lists
from armcrawl.store.runs.publishing import carry_out_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.sites import PageKey

articles, versions, relations = schema.articles, schema.article_versions, schema.relations
# Articles whose texts are in memory at a time, and whose relations are written in one transaction of a second at most.
CHUNK = 500
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
) -> Rebuilt:
    """Make the index, relations and clusters anew, beside the database, and bring over what is otherwise.

    That is done in short transactions, after each of which every cluster is whole; if it is interrupted, another
    rebuild completes it. Nobody else may write meanwhile: hold the lock of the whole database. A takedown, which waits
    for no lock, may come in between: what is gone is left out, and what it may have held together is compared anew.

    `threshold` is the containment above which two texts are near; `is_tried` leaves all as it was; `tell` hears how
    many articles are done.
    """
    try:
        with _scratch() as scratch:
            with reading(engine) as connection:
                known = array("q", _ids(connection))  # as packed numbers: there may be a million
            number = _relate_all(engine, scratch, threshold, tell)
            with scratch.connect() as connection:
                after = _found(connection)
            with reading(engine) as connection:
                before = _stored(connection)
                gained, lost = _by_key(connection, after - before), _by_key(connection, before - after)
            if not is_tried:
                _bring_over(engine, scratch, known)
                with reading(engine) as connection:
                    hurt = _hurt(before | after, _gone(connection, known))
                _write_clusters(engine, (before ^ after) | hurt)
                _compare_hurt(engine, before | after, known)
            return Rebuilt(number, len(after), gained, lost)
    except (OSError, OperationalError) as error:
        said = error.strerror if isinstance(error, OSError) else error.orig
        raise ArmcrawlError(
            f"No room for temporary files in {gettempdir()} ({said}): set TMPDIR to a larger disk's folder."
        ) from error


@contextmanager
def _scratch() -> Iterator[Engine]:
    """Open an empty index and relations in a file of their own; what a power failure leaves of it is thrown away."""
    with TemporaryDirectory(prefix="armcrawl-") as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'index.db'}")
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.exec_driver_sql("PRAGMA journal_mode = OFF")
            schema.metadata.create_all(connection, [table, relations])
        yield engine
        engine.dispose()


def _relate_all(
    engine: Engine, scratch: Engine, threshold: float, tell: Callable[[int, int | None], None] | None
) -> int:
    """Have all articles join the new index, one after another, and return how many there are."""
    number = 0
    for ids in ids_shown(engine, CHUNK):
        with reading(engine) as connection, scratch.begin() as own:
            relate(connection, shown_texts(connection, ids), Index(own, threshold))
        number += len(ids)
        if tell is not None:
            tell(number, None)
    return number


def _found(scratch: Connection) -> set[frozenset[int]]:
    """Return the clusters that the new relations make."""
    query = select(*ENDS).where(relations.c.grade.in_(JOINING))
    edges = [(row[0], row[1]) for row in scratch.execute(query)]
    return {frozenset(piece) for piece in connected_components({one for edge in edges for one in edge}, edges)}


def _stored(connection: Connection) -> set[frozenset[int]]:
    """Return the clusters that the database holds."""
    ids = connection.execute(select(schema.clusters.c.id)).scalars().all()
    return {frozenset(members) for members in members_of(connection, ids).values()}


def _by_key(connection: Connection, found: Collection[frozenset[int]]) -> tuple[tuple[str, ...], ...]:
    """Return clusters as the sorted keys of their articles, as far as these are there."""
    query = select(articles.c.id, articles.c.key)
    wanted = {article_id for members in found for article_id in members}
    keys = {row.id: row.key for row in among(connection, query, articles.c.id, wanted)}
    return tuple(sorted(tuple(sorted(keys[one] for one in members & keys.keys())) for members in found))


def _ids(connection: Connection) -> Iterable[int]:
    return connection.execute(select(articles.c.id).order_by(articles.c.id)).scalars()


def _gone(connection: Connection, known: Sequence[int]) -> frozenset[int]:
    """Return which articles were taken down meanwhile; as none can come, their number tells whether any was."""
    number = connection.execute(select(func.count()).select_from(articles)).scalar_one()
    return frozenset() if number == len(known) else frozenset(known).difference(_ids(connection))


def _hurt(clusters: Iterable[frozenset[int]], gone: frozenset[int]) -> set[frozenset[int]]:
    """Return the clusters that had an article which is gone."""
    return {members for members in clusters if not gone.isdisjoint(members)}


def _bring_over(engine: Engine, scratch: Engine, known: Sequence[int]) -> None:
    """Put the new index and relations in the place of what the database holds, a range at a time.

    Without what is gone by then: its id is no article's, or, on SQLite, soon another's.
    """
    with scratch.connect() as source:
        for buckets, lists in all_lists(source):
            with writing(engine) as connection:
                old = select(table.c.bucket).where(table.c.bucket >= buckets.start, table.c.bucket < buckets.stop)
                emptied = dict.fromkeys(set(connection.execute(old).scalars()) - lists.keys(), b"")
                write_lists(connection, without(lists, _gone(connection, known)) | emptied)
        first, _ = ENDS
        for start in range(0, len(known), CHUNK):
            is_here = (first >= known[start]) & (first <= known[min(start + CHUNK, len(known)) - 1])
            rows = [dict(row) for row in source.execute(select(relations).where(is_here)).mappings()]
            with writing(engine) as connection:
                connection.execute(delete(relations).where(is_here))
                ends = {row[end.name] for row in rows for end in ENDS}
                there = {row.id for row in among(connection, select(articles.c.id), articles.c.id, ends)}
                if kept := [row for row in rows if all(row[end.name] in there for end in ENDS)]:
                    connection.execute(insert(relations), kept)


def _write_clusters(engine: Engine, changed: Collection[frozenset[int]]) -> None:
    """Write clusters that are otherwise than before, those that have articles in common together."""
    edges = [(min(members), one) for members in changed for one in members]
    waiting: set[int] = set()
    for piece in [*connected_components({one for edge in edges for one in edge}, edges), set[int]()]:
        if waiting and (not piece or len(waiting) + len(piece) > MEMBERS_AT_ONCE):
            with writing(engine) as connection:
                rewrite(connection, waiting)
            waiting = set()
        waiting |= piece


def _compare_hurt(engine: Engine, clusters: Iterable[frozenset[int]], known: Sequence[int]) -> None:
    """Compare anew what was in a cluster with what is gone; of nothing else that waited for it is there need."""
    with writing(engine) as connection:
        gone = _gone(connection, known)
        connection.execute(delete(schema.fallen))
        mark_fallen(connection, frozenset().union(*_hurt(clusters, gone)) - gone)
    carry_out_rest(engine)


def text_by_key(engine: Engine, key: PageKey) -> str:
    """Return the text of an article; raises UsageError for one that is not stored."""
    query = select(versions.c.title, versions.c.body).join(articles, is_published()).where(articles.c.key == str(key))
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UsageError(f"The database has no article {key}.")
    return text_of(row.title, row.body)
