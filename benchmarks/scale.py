"""Clusters at scale: what adding an article costs among ten thousand and among a million.

The index is filled with the sketches of generated articles that nobody reads: random hashes, each article's own, as
those of unrelated texts are. The articles that are added are real ones, through the store.
"""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text

from armcrawl.fingerprints.shingles import SKETCH
from armcrawl.store.clustering import relate, text_of
from armcrawl.store.database import open_database, reading, writing
from benchmarks.articles import generated
from benchmarks.databases import each_kind
from benchmarks.report import Figure

if TYPE_CHECKING:
    from sqlalchemy import Engine

FEW, MANY = 10_000, {"SQLite": 1_000_000, "PostgreSQL": 200_000}
ADDS = 1_000
MOST_TIMES, MOST_MILLISECONDS, MOST_BYTES = 3.0, 5.0, 700
ROWS_AT_ONCE = 50_000
# Of signed 64 bits the lowest ninth: there the lowest 24 of 200 hashes lie.
LOWEST, HIGHEST = -(1 << 63), -(1 << 63) + (1 << 64) // 9
# Ids of articles that are only in the index.
FIRST_ID = 1 << 40


def scale() -> list[Figure]:
    """Measure on each kind of database."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            _fill(engine, 0, FEW)
            among_few = _add(engine, seed=1)
            before = _size(engine)
            _fill(engine, FEW, MANY[kind])
            size = (_size(engine) - before) / (MANY[kind] - FEW)
            among_many = _add(engine, seed=2)
            engine.dispose()
            print(f"  {kind}: {among_few:.2f} ms among {FEW:,}, {among_many:.2f} ms among {MANY[kind]:,}")
            figures += [
                Figure(f"adding an article among many against few, {kind}", among_many / among_few, MOST_TIMES),
                Figure(f"adding an article among many, median ms, {kind}", among_many, MOST_MILLISECONDS),
                Figure(f"bytes of index an article, {kind}", size, MOST_BYTES),
            ]
    return figures


def _fill(engine: Engine, first: int, last: int) -> None:
    """Load the sketches of many articles, in the order of the index: no page of it is written twice."""
    random = np.random.default_rng(first)
    hashes = random.integers(LOWEST, HIGHEST, size=(last - first) * SKETCH)
    article_ids = np.repeat(np.arange(first, last) + FIRST_ID, SKETCH)
    order = np.argsort(hashes)
    connection = engine.raw_connection()
    for start in range(0, len(order), ROWS_AT_ONCE):
        some = order[start : start + ROWS_AT_ONCE]
        rows = list(zip(hashes[some].tolist(), article_ids[some].tolist(), strict=True))
        with closing(connection.cursor()) as cursor:
            if engine.dialect.name == "sqlite":
                cursor.execute("BEGIN")
                cursor.executemany("INSERT INTO article_shingles (hash, article_id) VALUES (?, ?)", rows)
            else:
                with cursor.copy("COPY article_shingles (hash, article_id) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        connection.commit()
    connection.close()


def _add(engine: Engine, seed: int) -> float:
    """Return the median milliseconds of giving an article its place."""
    times = []
    for page in generated(ADDS, seed):
        if page.article is None:
            continue
        texts = {FIRST_ID * 2 + seed * ADDS + int(page.key.external_id): text_of(page.article.title, page.article.body)}
        with writing(engine) as connection:
            start = time.perf_counter()
            relate(connection, texts, frozenset())
            times.append(time.perf_counter() - start)
    return median(times) * 1000


def _size(engine: Engine) -> int:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            query = "SELECT pg_total_relation_size('article_shingles')"
        size: int = connection.execute(text(query)).scalar_one()
        return size
