"""Writing through the store against a bare executemany of the same rows.

What fingerprints and clusters cost is told apart, and neither of the two writes their tables.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import insert, select

from armcrawl.store import schema, versions
from armcrawl.store.batches import PAGES_PER_BATCH
from armcrawl.store.clustering import join
from armcrawl.store.database import open_database, reading
from armcrawl.store.writing import write_batch
from benchmarks.articles import generated
from benchmarks.batches import batched
from benchmarks.databases import each_kind
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine, Table

    from armcrawl.items import Page

ARTICLES = 20_000
LEAST_RATE = 0.5
MOST_MS_OF_JOIN = 1.0
ROWS_AT_ONCE = 1_000
TABLES_OF_CLUSTERS = (
    schema.shingle_postings,
    *(schema.relations, schema.clusters, schema.cluster_members),
)


def storing() -> list[Figure]:
    """Compare articles a second on each kind of database."""
    figures = []
    pages = list(generated(ARTICLES))
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            ours, joining = seconds_of_store(engine, pages)
            rows = all_rows(engine)
            engine.dispose()
            bare = open_database(make())
            theirs = seconds_of_executemany(bare, rows)
            bare.dispose()
            print(f"  {kind}: the store {ARTICLES / ours:.0f} articles/s, executemany {ARTICLES / theirs:.0f}")
            figures += [
                Figure(f"fingerprint and join, ms a page, {kind}", joining / ARTICLES * 1000, MOST_MS_OF_JOIN),
                Figure(
                    f"writing into {kind} but for that against executemany",
                    theirs / (ours - joining),
                    LEAST_RATE,
                    at_least=True,
                ),
            ]
    return figures


def seconds_of_store(engine: Engine, pages: list[Page]) -> tuple[float, float]:
    """Return how long all of it takes, and how much of that goes into fingerprints and clusters."""
    joining = 0.0

    def timed(*arguments: Any) -> None:
        nonlocal joining
        start = time.perf_counter()
        join(*arguments)
        joining += time.perf_counter() - start

    # No crawl holds 20,000 pages, so the collector need not look through them either.
    gc.freeze()
    before = time.perf_counter()
    with patch.object(versions, "join", timed):
        for batch in batched(pages, PAGES_PER_BATCH):
            write_batch(engine, batch, None)
    return time.perf_counter() - before, joining


def all_rows(engine: Engine) -> dict[Table, list[Mapping[str, Any]]]:
    with reading(engine) as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in schema.metadata.sorted_tables
            if table not in TABLES_OF_CLUSTERS
        }


def seconds_of_executemany(engine: Engine, rows: dict[Table, list[Mapping[str, Any]]]) -> float:
    gc.freeze()
    before = time.perf_counter()
    for table, all_of_table in rows.items():
        for some in batched(all_of_table, ROWS_AT_ONCE):
            with engine.begin() as connection:
                connection.execute(insert(table), list(some))
    return time.perf_counter() - before
