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
from armcrawl.store.database import open_database, reading, writing
from armcrawl.store.relations import relate, text_of
from armcrawl.store.shingle_index import BUCKETS, POSTING
from benchmarks.articles import generated
from benchmarks.databases import each_kind
from benchmarks.report import Figure

if TYPE_CHECKING:
    from sqlalchemy import Engine

FEW, MANY = 10_000, {"SQLite": 1_000_000, "PostgreSQL": 200_000}
ADDS = 1_000
MOST_TIMES, MOST_MILLISECONDS, MOST_BYTES = 3.0, 5.0, 700
# Of signed 64 bits the lowest ninth: there the lowest 24 of 200 hashes lie.
LOWEST, HIGHEST = -(1 << 63), -(1 << 63) + (1 << 64) // 9
# Ids of articles that are only in the index.
FIRST_ID = 1 << 30


def scale() -> list[Figure]:
    """Measure on each kind of database."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            among_few, _ = _measured(make(), FEW)
            among_many, size = _measured(make(), MANY[kind])
            print(f"  {kind}: {among_few:.2f} ms among {FEW:,}, {among_many:.2f} ms among {MANY[kind]:,}")
            figures += [
                Figure(f"adding an article among many against few, {kind}", among_many / among_few, MOST_TIMES),
                Figure(f"adding an article among many, median ms, {kind}", among_many, MOST_MILLISECONDS),
                Figure(f"bytes of index an article of {MANY[kind]:,}, {kind}", size, MOST_BYTES),
            ]
    return figures


def _measured(database: str, number: int) -> tuple[float, float]:
    """Return the median milliseconds of adding an article among so many, and the bytes that the index takes of each.

    They are those after the last one was added, with what its growth has left.
    """
    engine = open_database(database)
    before = _size(engine)
    _fill(engine, number)
    milliseconds = _add(engine)
    size = (_size(engine) - before) / number
    engine.dispose()
    return milliseconds, size


def _fill(engine: Engine, number: int) -> None:
    """Load the sketches of many articles, into an empty index."""
    random = np.random.default_rng(number)
    hashes = random.integers(LOWEST, HIGHEST, size=number * SKETCH)
    article_ids = np.repeat(np.arange(number) + FIRST_ID, SKETCH)
    order = np.argsort(hashes % BUCKETS)
    postings = np.empty(len(order), dtype=[("hash", "<i8"), ("article_id", "<u4")])
    postings["hash"], postings["article_id"] = hashes[order], article_ids[order]
    packed = postings.tobytes()
    buckets, starts = np.unique(hashes[order] % BUCKETS, return_index=True)
    ends = [*starts[1:].tolist(), len(order)]
    rows = [
        (bucket, packed[start * POSTING.size : end * POSTING.size])
        for bucket, start, end in zip(buckets.tolist(), starts.tolist(), ends, strict=True)
    ]
    connection = engine.raw_connection()
    with closing(connection.cursor()) as cursor:
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN")
            cursor.executemany("INSERT INTO shingle_postings (bucket, postings) VALUES (?, ?)", rows)
        else:
            with cursor.copy("COPY shingle_postings (bucket, postings) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    connection.commit()
    connection.close()


def _add(engine: Engine) -> float:
    """Return the median milliseconds of giving an article its place."""
    times = []
    for page in generated(ADDS, seed=1):
        if page.article is None:
            continue
        texts = {FIRST_ID * 2 + int(page.key.external_id): text_of(page.article.title, page.article.body)}
        start = time.perf_counter()
        with writing(engine) as connection:
            relate(connection, texts)
        times.append(time.perf_counter() - start)
    return median(times) * 1000


def _size(engine: Engine) -> int:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            query = "SELECT pg_total_relation_size('shingle_postings')"
        size: int = connection.execute(text(query)).scalar_one()
        return size
