"""Writing through the store against a bare executemany of the same rows.

What fingerprints and clusters cost is told apart, and neither of the two writes their tables.
"""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import insert, select

from armcrawl.store.articles import writing
from armcrawl.store.articles.batches import PAGES_PER_BATCH
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.clusters.clustering import JOINED_AT_ONCE, join_some
from benchmarks.articles import generated
from benchmarks.batches import batched
from benchmarks.databases import each_kind
from benchmarks.report import PROCESSOR, WALL, amount, ratio
from benchmarks.timing import Stopwatch, Taken, timed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Engine, Table

    from armcrawl.items import Page
    from benchmarks.report import Figure

    Rows = dict[Table, list[Mapping[str, Any]]]

ROUNDS, ARTICLES_A_ROUND = 9, 1_000
MIN_RATE = 0.5
MAX_MS_OF_JOIN = 1.0
ROWS_AT_ONCE = 1_000
TABLES_OF_CLUSTERS = (
    schema.shingle_postings,
    *(schema.relations, schema.clusters, schema.cluster_members),
)


def storing() -> list[Figure]:
    """Compare on each kind of database, piece by piece, while both databases grow."""
    figures = []
    pages = list(generated(ROUNDS * ARTICLES_A_ROUND))
    with each_kind() as kinds:
        for kind, make in kinds.items():
            joining, ours, theirs = _compared(make(), make(), pages)
            speed = 1 / ours[-1].wall
            print(f"  {kind}: {speed:.0f} articles a second but for fingerprints and clusters")
            # All of SQLite works in this process; of PostgreSQL half does.
            clock = PROCESSOR if kind == "SQLite" else WALL
            figures += [
                amount(f"fingerprint and join, ms a page, {kind}", joining, MAX_MS_OF_JOIN, by=clock, units=1000),
                ratio(
                    f"writing into {kind} but for that against executemany",
                    theirs,
                    ours,
                    MIN_RATE,
                    by=WALL,
                    at_least=True,
                ),
            ]
    return figures


def _compared(
    database: str, other_database: str, pages: Sequence[Page]
) -> tuple[list[Taken], list[Taken], list[Taken]]:
    """Return what fingerprints and clusters of an article take, its writing but for that, and executemany."""
    engine, other = open_database(database), open_database(other_database)
    joining, ours, theirs = list[Taken](), list[Taken](), list[Taken]()
    seen: dict[Table, set[tuple[Any, ...]]] = {}
    for some in batched(pages, ARTICLES_A_ROUND):
        # No crawl holds thousands of pages, so the collector need not look through them either.
        gc.freeze()
        all_of_it, of_join = _store(engine, some)
        joining.append(of_join.each(len(some)))
        ours.append(all_of_it.less(of_join).each(len(some)))
        rows = _new_rows(engine, seen)
        theirs.append(timed(partial(_executemany, other, rows)).each(len(some)))
    engine.dispose()
    other.dispose()
    return joining, ours, theirs


def _store(engine: Engine, pages: Sequence[Page]) -> tuple[Taken, Taken]:
    """Return what all of it takes, and how much of that goes into fingerprints and clusters."""
    parts: list[Taken] = []

    def timed_join(engine: Engine) -> None:
        # Also on PostgreSQL, where a crawl joins only at its end.
        watch = Stopwatch()
        while join_some(engine) == JOINED_AT_ONCE:
            pass
        parts.append(watch.taken())

    watch = Stopwatch()
    with patch.object(writing, "join_after_batch", timed_join):
        for batch in batched(pages, PAGES_PER_BATCH):
            write_batch(engine, batch, None)
    return watch.taken(), Taken(sum(part.wall for part in parts), sum(part.processor for part in parts))


def _new_rows(engine: Engine, seen: dict[Table, set[tuple[Any, ...]]]) -> Rows:
    """Return the rows that were not there when it was asked the last time."""
    found: Rows = {}
    with reading(engine) as connection:
        for table in schema.metadata.sorted_tables:
            if table in TABLES_OF_CLUSTERS:
                continue
            keys = seen.setdefault(table, set())
            found[table] = []
            for row in connection.execute(select(table)).mappings():
                key = tuple(row[column.name] for column in table.primary_key)
                if key not in keys:
                    keys.add(key)
                    found[table].append(dict(row))
    return found


def _executemany(engine: Engine, rows: Rows) -> None:
    for table, all_of_table in rows.items():
        for some in batched(all_of_table, ROWS_AT_ONCE):
            with engine.begin() as connection:
                connection.execute(insert(table), list(some))
