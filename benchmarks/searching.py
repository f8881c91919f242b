"""Search in a big database: the top 20 with snippets, and how many there are."""

from __future__ import annotations

from datetime import date
from functools import partial
from statistics import median, quantiles
from typing import TYPE_CHECKING

from armcrawl.analysis.search import Limits, search
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.timing import Taken, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from benchmarks.report import Figure

# Of the middle query of each kind, and of the slowest of twenty of all.
MAX_MS, MAX_SLOW_MS = 40, 150
ROUNDS = 9
YEAR = Limits(first=date(2015, 1, 1), last=date(2015, 12, 31))
QUERIES = {
    "common words": ("арматура", "завод", "задвижка завод", "шаровой кран", "давление -насос"),
    "rare words": ("нарзан", "скворечник", "ТУ 7777-1", "ТУ 19999-1", "кавитация мидии"),
    "phrases": ('"шаровых кранов"', '"трубопроводная арматура"', '"первый раз"', '"ГОСТ 33259-2015"', '"в два раза"'),
    "one of several": ("кран OR задвижка", "(насос | завод) арматура", "стали OR марки", "нарзан OR скворечник"),
    "beginnings": ("клап*", "станк*", "арматур*", "33*", '"шаровых кран*"'),
    "days": ("арматура", "завод", "нарзан", '"шаровых кранов"'),
}


def searched(engine: Engine, kind: str) -> list[Figure]:
    """Time each kind of query over a database that is filled."""
    clock = PROCESSOR if kind == "SQLite" else WALL  # PostgreSQL works in processes of its own
    rounds = [
        {name: [_taken(engine, name, query) for query in queries] for name, queries in QUERIES.items()}
        for _ in range(ROUNDS)
    ]
    figures = [
        amount(
            f"search for {name} in {kind}, ms", [_of(one[name], median) for one in rounds], MAX_MS, by=clock, units=1000
        )
        for name in QUERIES
    ]
    slow = [_of([taken for its in one.values() for taken in its], _slowest_of_twenty) for one in rounds]
    return [*figures, amount(f"the slowest of twenty searches in {kind}, ms", slow, MAX_SLOW_MS, by=clock, units=1000)]


def _taken(engine: Engine, name: str, query: str) -> Taken:
    return timed(partial(search, engine, query, 20, YEAR if name == "days" else Limits()))


def _of(taken: list[Taken], chosen: Callable[[list[float]], float]) -> Taken:
    return Taken(chosen([one.wall for one in taken]), chosen([one.processor for one in taken]))


def _slowest_of_twenty(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]
