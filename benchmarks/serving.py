"""The pages of `armcrawl serve` over a big database, as a reader's first visit meets them."""

from __future__ import annotations

from statistics import median
from urllib.parse import quote
from urllib.request import urlopen

from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.analyst_queries import QUERIES
from benchmarks.report import WALL, Figure
from benchmarks.timing import Stopwatch
from tests.press import serving as server

ROUNDS = 5
MAX_MS, MAX_MS_OF_SEARCH = 300, 100
# What is counted through whole tables is made ready when the server starts; nobody measures that.
COUNTED = ("/",)
PARAMETERS = {
    "found": "words=задвижка завод",
    "article_history": "key=armtorg/articles/50",
    "tag_over_time": "tag=импортозамещение",
    "named_together": "tag=импортозамещение&kind=organisation",
    "reprints_of_source": "source=Вестник 26",
    "silent_edits": "since=2020-01-01",
    "completeness_by_month": "section=news",
    "exchange_rates": "from=2015-01-01&to=2015-12-31",
}
PAGES = (
    *COUNTED,
    *("/press", *(f"/press/{view.name}" for view in VIEWS), "/press/completeness_by_month"),
    *(f"/press/{query.name}?{PARAMETERS[query.name]}" for query in QUERIES),
    *("/article/armtorg/articles/50", "/article/armtorg/news/199999", "/article/armtorg/news/25"),
    *("/search", "/search?year=2016", "/search?tag=импортозамещение", "/search?section=articles&source=Вестник 11"),
    *("/press/articles", "/press/pages", "/press/article_versions", "/press/articles?id=3", "/press/runs"),
    *("/press/v_articles?section=articles", "/press/v_articles.json", "/press/v_articles.csv"),
)
SEARCHES = (
    *("регуляторов давления", "арматура", "задвижка завод", "шаровых кранов", "нарзан", "клапан", "насос -давление"),
    *('"шаровых кранов"', '"трубопроводная арматура"', '"ГОСТ 33259-2015"', "ТУ 777-1", "кавитация", "сварка труб"),
    *("клапан&year=2016", "завод&section=articles", "давление&tag=импортозамещение", "завод&source=Вестник 11"),
)


def measured(database: str) -> list[Figure]:
    """Time the pages over a database that is filled, each round with a server that nobody has asked before."""
    pages, searches = list[list[float]](), list[list[float]]()
    for _ in range(ROUNDS):
        with server(database) as site:
            for path in COUNTED:
                milliseconds(site, path)
            pages.append([milliseconds(site, path) for path in PAGES])
            searches.append([milliseconds(site, f"/search?q={words}") for words in SEARCHES])
    for name, paths, times in (("pages", PAGES, pages), ("searches", SEARCHES, searches)):
        middles = [(median(found), path) for *found, path in zip(*times, paths, strict=True)]
        print(f"  slowest {name}: {', '.join(f'{path} {taken:.0f} ms' for taken, path in sorted(middles)[:-4:-1])}")
    return [
        _figure("a page of serve, first visit, median ms", pages, MAX_MS),
        _figure("a search of serve, whole page, median ms", searches, MAX_MS_OF_SEARCH),
    ]


def _figure(name: str, rounds: list[list[float]], limit: float) -> Figure:
    # The server works in another process, which ends after the measurement.
    return Figure(name, [median(times) for times in rounds], limit, judged_by=WALL)


def milliseconds(site: str, path: str) -> float:
    watch = Stopwatch()
    with urlopen(site + quote(path, safe="/?&=")) as answer:
        answer.read()
    return watch.taken().wall * 1000
