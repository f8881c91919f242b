"""Search in a big database: the top 20 with snippets, and how many there are."""

from __future__ import annotations

from datetime import date
from functools import partial
from statistics import median, quantiles
from typing import TYPE_CHECKING

from armcrawl.analysis.search import search
from armcrawl.store.base.database import open_database
from armcrawl.store.queries.choice import EVERYTHING, Choice
from benchmarks.big import MILLION, big_databases
from benchmarks.databases import each_kind
from benchmarks.developments import developed
from benchmarks.press import SEARCHED, fill_big
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.search_pages import search_pages
from benchmarks.timing import Taken, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from benchmarks.report import Figure

# Of the middle query of each kind, and of the slowest of twenty of all.
MAX_MS, MAX_SLOW_MS = 40, 150
ROUNDS = 9
# Of these so many go through the store: that takes most of the time.
ARTICLES, WRITTEN = 50_000, 5_000
YEAR = Choice(first=date(2015, 1, 1), last=date(2015, 12, 31))
QUERIES = {
    "common words": ("арматура", "завод", "задвижка завод", "шаровой кран", "давление -насос"),
    "rare words": ("нарзан", "скворечник", "ТУ 1777-1", "ТУ 4999-1", "кавитация мидии"),
    "phrases": ('"шаровых кранов"', '"трубопроводная арматура"', '"первый раз"', '"ГОСТ 33259-2015"', '"в два раза"'),
    "one of several": ("кран OR задвижка", "(насос | завод) арматура", "стали OR марки", "нарзан OR скворечник"),
    "beginnings": ("клап*", "станк*", "арматур*", "33*", '"шаровых кран*"'),
    "days": ("арматура", "завод", "нарзан", '"шаровых кранов"'),
}


def searching() -> list[Figure]:
    """Search in a database of each kind."""
    figures: list[Figure] = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            fill_big(engine, ARTICLES, WRITTEN, SEARCHED)
            figures += _found(engine, f"{ARTICLES:,}, {kind}")
            engine.dispose()
    return figures


def searching_much() -> list[Figure]:
    """Search in a database of each kind as large as a trade's whole press."""
    return [row for kind, engine in big_databases() for row in _found(engine, f"{MILLION:,}, {kind}")]


def _found(engine: Engine, among: str) -> list[Figure]:
    return [*searched(engine, among), *search_pages(engine, among), *developed(engine, among)]


def searched(engine: Engine, among: str) -> list[Figure]:
    """Time each kind of query over a database that is filled."""
    clock = PROCESSOR if engine.dialect.name == "sqlite" else WALL  # PostgreSQL works in processes of its own
    rounds = [
        {name: [_taken(engine, name, query) for query in queries] for name, queries in QUERIES.items()}
        for _ in range(ROUNDS)
    ]
    figures = [
        amount(f"search for {name} among {among}, ms", taken, MAX_MS, by=clock, units=1000)
        for name, taken in {name: [_of(one[name], median) for one in rounds] for name in QUERIES}.items()
    ]
    slow = [_of([taken for its in one.values() for taken in its], _slowest_of_twenty) for one in rounds]
    name = f"the slowest of twenty searches among {among}, ms"
    return [*figures, amount(name, slow, MAX_SLOW_MS, by=clock, units=1000)]


def _taken(engine: Engine, name: str, query: str) -> Taken:
    return timed(partial(search, engine, query, 20, YEAR if name == "days" else EVERYTHING))


def _of(taken: list[Taken], chosen: Callable[[list[float]], float]) -> Taken:
    return Taken(chosen([one.wall for one in taken]), chosen([one.processor for one in taken]))


def _slowest_of_twenty(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]
