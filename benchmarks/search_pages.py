"""The search page of `armcrawl serve` over a big database: hits, facets, months, and the page that shows them."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from armcrawl import clock
from armcrawl.analysis.serving.pages.search import found
from armcrawl.analysis.serving.rendering import environment
from armcrawl.analysis.serving.search_request import read_request
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.timing import Taken, timed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from benchmarks.report import Figure

# Of the middle one of the pages with up to 2,000 hits among 50,000, and of the one with most hits among a million.
MAX_MS, MAX_COMMON_MS = 80, 300
ROUNDS = 9
FEW = (
    *("q=нарзан", "q=скворечник", "q=ТУ 777-1", "q=кавитация", "q=кавитация мидии", 'q="в два раза"', "q=33*"),
    *("q=завод&tag=импортозамещение", "q=завод&source=Вестник 11", "tag=импортозамещение", "source=Вестник 11"),
    *("q=завод&since=март 2015&until=май 2015", "since=март 2015&until=май 2015", "q=кавитация&order=newest"),
    *("q=кавитация&-source=Вестник 11&-tag=импортозамещение", "q=кавитация&kind=organisation", "q=кавитация&once=1"),
    *("q=давление&year=2015&year=2016&section=articles", "q=кавитация&page=20"),
)
COMMON = "q=завод"


def search_pages(engine: Engine, among: str) -> list[Figure]:
    """Time pages over a database that is filled."""
    by = PROCESSOR if engine.dialect.name == "sqlite" else WALL  # PostgreSQL works in processes of its own
    rounds = [([_taken(engine, query) for query in FEW], _taken(engine, COMMON)) for _ in range(ROUNDS)]
    middles = [Taken(median(one.wall for one in few), median(one.processor for one in few)) for few, _ in rounds]
    common = [one for _, one in rounds]
    return [
        amount(f"a search page, narrowed or of a rare word, among {among}, ms", middles, MAX_MS, by=by, units=1000),
        amount(f"a search page of the commonest word among {among}, ms", common, MAX_COMMON_MS, by=by, units=1000),
    ]


def _taken(engine: Engine, query: str) -> Taken:
    return timed(partial(_shown, engine, query))


def _shown(engine: Engine, query: str) -> None:
    asked = read_request(parse_qsl(query), clock.now())
    environment().get_template("search.html").render({"words": asked.words} | found(engine, asked))
