"""The pages of `armcrawl serve` over a big database, as a reader's first visit meets them."""

from __future__ import annotations

import time
from statistics import median
from urllib.parse import quote
from urllib.request import urlopen

from armcrawl.store.analyst_queries import QUERIES
from armcrawl.store.views import VIEWS
from benchmarks.report import Figure
from tests.press import serving as server

MOST_MS, MOST_MS_OF_SEARCH = 300, 100
# What is counted through whole tables is made ready when the server starts; nobody measures that.
COUNTED = ("/", "/press", *(f"/press/{view.name}" for view in VIEWS), "/press/completeness_by_month")
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
    *(f"/press/{query.name}?{PARAMETERS[query.name]}" for query in QUERIES),
    *("/article/armtorg/articles/50", "/article/armtorg/news/199999", "/article/armtorg/news/25"),
    *("/search", "/search?year=2016", "/search?tag=импортозамещение", "/search?section=articles&source=Вестник 11"),
    *("/press/articles", "/press/pages", "/press/article_versions", "/press/articles/3", "/press/runs"),
    *("/press/v_articles?section=articles", "/press/v_articles.json", "/press/v_articles.csv"),
)
SEARCHES = (
    *("регуляторов давления", "арматура", "задвижка завод", "шаровых кранов", "нарзан", "клапан", "насос -давление"),
    *('"шаровых кранов"', '"трубопроводная арматура"', '"ГОСТ 33259-2015"', "ТУ 777-1", "кавитация", "сварка труб"),
    *("клапан&year=2016", "завод&section=articles", "давление&tag=импортозамещение", "завод&source=Вестник 11"),
)


def measured(database: str) -> list[Figure]:
    """Time the pages over a database that is filled."""
    with server(database) as site:
        for path in COUNTED:
            milliseconds(site, path)
        pages = [(milliseconds(site, path), path) for path in PAGES]
        searches = [(milliseconds(site, f"/search?q={words}"), words) for words in SEARCHES]
    for name, times in (("pages", pages), ("searches", searches)):
        print(f"  slowest {name}: {', '.join(f'{path} {taken:.0f} ms' for taken, path in sorted(times)[:-4:-1])}")
    return [
        Figure("a page of serve, first visit, median ms", median(taken for taken, _ in pages), MOST_MS),
        Figure("a search of serve, whole page, median ms", median(taken for taken, _ in searches), MOST_MS_OF_SEARCH),
    ]


def milliseconds(site: str, path: str) -> float:
    before = time.perf_counter()
    with urlopen(site + quote(path, safe="/?&=")) as answer:
        answer.read()
    return (time.perf_counter() - before) * 1000
