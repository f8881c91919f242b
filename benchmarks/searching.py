"""Search in a big database: the top 20 with snippets."""

from __future__ import annotations

import time
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.analysis.search import search
from armcrawl.store.database import open_database
from armcrawl.store.writing import write_batch
from benchmarks.articles import generated
from benchmarks.databases import each_kind
from benchmarks.report import Figure

if TYPE_CHECKING:
    from sqlalchemy import Engine

ARTICLES = 200_000
# Only fills the database; a crawl's own size would take longer.
PAGES_AT_ONCE = 1_000
MOST_MS = 50
TIMES = 5
QUERIES = {
    "common words": ("арматура", "завод", "задвижка завод", "шаровой кран", "давление -насос"),
    "rare words": ("нарзан", "скворечник", "ТУ 77777-1", "ТУ 199999-1", "кавитация мидии"),
    "phrases": ('"шаровых кранов"', '"трубопроводная арматура"', '"первый раз"', '"ГОСТ 33259-2015"', '"в два раза"'),
}


def searching() -> list[Figure]:
    """Time each kind of query on each kind of database."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            fill(engine)
            for name, queries in QUERIES.items():
                times = [(milliseconds(engine, query), query) for query in queries for _ in range(TIMES)]
                print(f"  {kind}, {name}: slowest {max(times)[0]:.1f} ms ({max(times)[1]})")
                middle = median(time for time, _ in times)
                figures.append(Figure(f"search for {name} in {kind}, ms", middle, MOST_MS))
            engine.dispose()
    return figures


def fill(engine: Engine) -> None:
    pages = generated(ARTICLES)
    while batch := list(islice(pages, PAGES_AT_ONCE)):
        write_batch(engine, batch, None)


def milliseconds(engine: Engine, query: str) -> float:
    before = time.perf_counter()
    search(engine, query, limit=20)
    return (time.perf_counter() - before) * 1000
