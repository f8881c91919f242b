"""Clusters at scale: what adding an article costs among ten thousand and among a million.

The index is filled with the sketches of generated articles that nobody reads: random hashes, each article's own, as
those of unrelated texts are. The articles that are added are real ones, through the store.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text

from armcrawl.fingerprints.shingles import SKETCH
from armcrawl.store.base.database import open_database, reading, writing
from armcrawl.store.clusters.relations import relate, text_of
from armcrawl.store.clusters.shingle_index import BUCKETS, POSTING
from benchmarks.articles import generated
from benchmarks.databases import each_kind
from benchmarks.report import PROCESSOR, WALL, amount, once, ratio
from benchmarks.timing import Stopwatch, Taken, in_turns

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from benchmarks.report import Figure

FEW, MANY = 10_000, {"SQLite": 1_000_000, "PostgreSQL": 200_000}
ROUNDS, ADDS = 9, 110
MAX_TIMES, MAX_MILLISECONDS, MAX_BYTES = 3.0, 5.0, 700
# Of signed 64 bits the lowest ninth: there the lowest 24 of 200 hashes lie.
LOWEST, HIGHEST = -(1 << 63), -(1 << 63) + (1 << 64) // 9
# Ids of articles that are only in the index.
FIRST_ID = 1 << 30


def scale() -> list[Figure]:
    """Measure on each kind of database."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            few, many = open_database(make()), open_database(make())
            empty = _size(many)
            _fill(few, FEW)
            _fill(many, MANY[kind])
            adding = {"few": _Adding(few), "many": _Adding(many)}
            taken = in_turns(ROUNDS, {side: one.add for side, one in adding.items()})
            # After the last one was added, with what its growth has left.
            size = (_size(many) - empty) / MANY[kind]
            few.dispose()
            many.dispose()
            # All of SQLite works in this process; of PostgreSQL half does.
            clock = PROCESSOR if kind == "SQLite" else WALL
            figures += [
                ratio(
                    f"adding an article among {MANY[kind]:,} against {FEW:,}, {kind}",
                    taken["many"],
                    taken["few"],
                    MAX_TIMES,
                    by=clock,
                ),
                amount(
                    f"adding an article among {MANY[kind]:,}, median ms, {kind}",
                    taken["many"],
                    MAX_MILLISECONDS,
                    by=clock,
                    units=1000,
                ),
                once(f"bytes of index an article of {MANY[kind]:,}, {kind}", size, MAX_BYTES),
            ]
    return figures


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


class _Adding:
    """Gives one article after another its place."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pages = generated(ROUNDS * ADDS, seed=1)

    def add(self) -> Taken:
        """Add some more, and return what the middle one took."""
        taken = [self._add_one(page) for page in islice(self.pages, ADDS)]
        return Taken(median(one.wall for one in taken), median(one.processor for one in taken))

    def _add_one(self, page: Page) -> Taken:
        assert page.article is not None
        texts = {FIRST_ID * 2 + int(page.key.external_id): text_of(page.article.title, page.article.body)}
        watch = Stopwatch()
        with writing(self.engine) as connection:
            relate(connection, texts)
        return watch.taken()


def _size(engine: Engine) -> int:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        else:
            query = "SELECT pg_total_relation_size('shingle_postings')"
        size: int = connection.execute(text(query)).scalar_one()
        return size
