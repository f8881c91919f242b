"""Search in a big database: the top 20 with snippets."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.analysis.search import search
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.timing import Taken, timed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from benchmarks.report import Figure

MAX_MS = 50
ROUNDS = 9
QUERIES = {
    "common words": ("арматура", "завод", "задвижка завод", "шаровой кран", "давление -насос"),
    "rare words": ("нарзан", "скворечник", "ТУ 7777-1", "ТУ 19999-1", "кавитация мидии"),
    "phrases": ('"шаровых кранов"', '"трубопроводная арматура"', '"первый раз"', '"ГОСТ 33259-2015"', '"в два раза"'),
}


def searched(engine: Engine, kind: str) -> list[Figure]:
    """Time each kind of query over a database that is filled."""
    return [
        amount(
            f"search for {name} in {kind}, ms",
            [_middle(engine, queries) for _ in range(ROUNDS)],
            MAX_MS,
            by=PROCESSOR if kind == "SQLite" else WALL,  # PostgreSQL works in processes of its own
            units=1000,
        )
        for name, queries in QUERIES.items()
    ]


def _middle(engine: Engine, queries: tuple[str, ...]) -> Taken:
    """Return what the middle one of some queries takes."""
    taken = [timed(partial(search, engine, query, 20)) for query in queries]
    return Taken(median(one.wall for one in taken), median(one.processor for one in taken))
