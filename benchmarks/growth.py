"""How costs grow with the archive: the same things at ten thousand, a hundred thousand and a million articles.

What joins a cluster, and a rebuild of all clusters, are measured by `scale` and `rebuilding`, over what these fill.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.analysis.search import search
from armcrawl.discovery.frontier import Frontier
from armcrawl.sites import PageKey, address_of
from armcrawl.store.articles.batches import PAGES_PER_BATCH
from armcrawl.store.articles.unreadable import read_all
from armcrawl.store.articles.versions import ids_shown, index, relink, rows_shown, version_of
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import writing
from armcrawl.store.base.database_worker import DatabaseWorker
from armcrawl.store.ledger import ledger
from benchmarks.articles import generated
from benchmarks.batches import batched
from benchmarks.big import MILLION, while_growing
from benchmarks.curves import Curve, record
from benchmarks.ledger import told
from benchmarks.timing import Stopwatch, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from benchmarks.report import Figure
    from benchmarks.timing import Taken

SIZES = (10_000, 100_000, MILLION)
ROUNDS = 7
SEARCHES = {"a common word": "завод", "a rare word": "нарзан", "a phrase": '"шаровых кранов"', "a beginning": "клап*"}
SITE, SECTIONS = "armtorg", ("news", "articles")
# What is stored anew is in another section, so that no copy has its ids.
OTHER = "reviews"
# What a night asks for if nobody says otherwise.
BUDGET = 1_000


def growth() -> list[Figure]:
    """Measure while a database of each kind grows, and record the curves."""
    points: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)

    def look(kind: str, engine: Engine, size: int) -> None:
        for name, milliseconds in _measured(engine, size).items():
            points[f"{name}, {kind}"].append((size, milliseconds))

    while_growing(SIZES, look)
    return record([Curve(name, "ms", found) for name, found in points.items()])


def _measured(engine: Engine, size: int) -> dict[str, float]:
    """Return what each thing takes in milliseconds, in the middle of its rounds."""
    clock = _processor if engine.dialect.name == "sqlite" else _wall  # PostgreSQL works in processes of its own
    found = {f"a search for {name}": _searched(engine, query) for name, query in SEARCHES.items()}
    found["status"] = [timed(partial(told, engine)) for _ in range(ROUNDS)]
    found["rebuilding the index, an article"] = list(_indexed(engine))
    found["storing a page"] = list(_stored(engine, size))
    middles = {name: median(map(clock, taken)) * 1000 for name, taken in found.items()}
    url = engine.url.render_as_string(hide_password=False)
    return middles | {"planning a night": asyncio.run(_planned(url)) * 1000}


def _processor(taken: Taken) -> float:
    return taken.processor


def _wall(taken: Taken) -> float:
    return taken.wall


def _searched(engine: Engine, query: str) -> list[Taken]:
    return [timed(partial(search, engine, query, 20)) for _ in range(ROUNDS)]


def _indexed(engine: Engine) -> Iterator[Taken]:
    """Make anew what follows from articles, as a rebuild does, a piece at a time."""
    for ids in islice(ids_shown(engine, PAGES_PER_BATCH), ROUNDS):
        watch = Stopwatch()
        with writing(engine) as connection:
            versions, _ = read_all(list(rows_shown(connection, ids)), version_of)
            relink(connection, versions, ids)
            index(connection, versions)
        yield watch.taken().each(len(ids))


def _stored(engine: Engine, size: int) -> Iterator[Taken]:
    """Store more articles, a batch of a crawl at a time, and have them join their clusters."""
    pages = [_moved(page, size) for page in generated(ROUNDS * PAGES_PER_BATCH, seed=size)]
    for some in batched(pages, PAGES_PER_BATCH):
        yield timed(partial(write_batch, engine, some, None)).each(len(some))


def _moved(page: Page, number: int) -> Page:
    key = PageKey(SITE, OTHER, str(number + int(page.key.external_id)))
    return replace(page, key=key, address=address_of(key))


async def _planned(url: str) -> float:
    """Return the seconds in the middle that it takes to know what a night asks for first."""
    worker = DatabaseWorker(url)
    await worker.call(ledger.head, SITE, SECTIONS[0])  # the process starts once a run
    found = []
    for _ in range(ROUNDS):
        watch = Stopwatch()
        frontier = await Frontier.of(worker, SITE, SECTIONS)
        number = 0
        async for _ in frontier.wanted(BUDGET):
            number += 1
            if number == BUDGET:
                break
        found.append(watch.taken().wall)
    await worker.close()
    return median(found)
