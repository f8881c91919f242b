"""The end of a run: showing what it stored, whatever its texts have in common, while somebody else reads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from armcrawl.items import Article, Tag
from armcrawl.processes.collecting import collect_seldom
from armcrawl.refining.chain import refine
from armcrawl.sample.articles import load_sample
from armcrawl.store.articles.batches import PAGES_PER_BATCH
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.clusters.clustering import join_some
from armcrawl.store.runs import run_record
from armcrawl.store.runs.publishing import carry_out_piece
from armcrawl.store.runs.verdicts import judge_run
from benchmarks.articles import FETCHED_AT, generated, page_of
from benchmarks.crawling import memory_mb
from benchmarks.databases import each_kind
from benchmarks.report import WALL, amount, once, ratio
from benchmarks.timing import Stopwatch, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Page
    from benchmarks.report import Figure

# Of one template thousands show what grows with their square; memory has its quarters in three hundred pieces.
DIFFERENT, ALIKE, SERIES, COMPARED = 30_000, 10_000, 100, 2_000
MAX_MS = {"SQLite": 2.0, "PostgreSQL": 3.0}
MAX_SECONDS = 2.0
ROUNDS, MAX_OF_TEMPLATE = 5, 3.0
# The peak of the last quarter against that of the second, as for crawls: caches are full by then.
MAX_GROWTH = 1.1
PARAGRAPHS = 5
# What nobody may see: an article without its tags (each has some), or not to be found.
HALF = """SELECT count(*) FROM v_articles a JOIN articles r ON r.key = a.key
  WHERE NOT EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = r.id)
  OR NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.article_id = r.id)"""
# A look at all articles takes some of a core that the run needs too.
SECONDS_BETWEEN_LOOKS = 5.0


def ending() -> list[Figure]:
    """End a run of different pages, of pages from one template, and of pages in series, on each kind of database."""
    figures = []
    makers: dict[str, Callable[[], Iterator[Page]]] = {
        f"{DIFFERENT:,} different pages": lambda: generated(DIFFERENT),
        f"{ALIKE:,} pages of one template": lambda: from_templates(ALIKE, 1),
        f"{ALIKE:,} pages in {SERIES} series": lambda: from_templates(ALIKE, SERIES),
    }
    with each_kind() as kinds:
        for kind, make in kinds.items():
            for name, pages in makers.items():
                figures += _figures(f"{name}, {kind}", _ended(make(), pages()), MAX_MS[kind])
        few = kinds["SQLite"]
        pairs = [
            (_ended(few(), from_templates(COMPARED, 1)), _ended(few(), generated(COMPARED))) for _ in range(ROUNDS)
        ]
        alike, others = ([one.taken for one in side] for side in zip(*pairs, strict=True))
        name = f"the end of a run, {COMPARED:,} pages of one template against different ones, SQLite"
        figures.append(ratio(name, alike, others, MAX_OF_TEMPLATE, by=WALL))
    return figures


@dataclass(slots=True)
class Ended:
    """What the end of a run took; `half` is what a reader saw and should not have seen."""

    versions: int = 0
    taken: Taken = field(default_factory=lambda: Taken(0, 0))
    transactions: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    half: int = 0


def _figures(name: str, ended: Ended, most_ms: float) -> list[Figure]:
    quarter = max(1, len(ended.memory) // 4)
    early, late = max(ended.memory[quarter : 2 * quarter]), max(ended.memory[-quarter:])
    return [
        amount(f"the end of a run, ms a page, {name}", [ended.taken], most_ms, by=WALL, units=1000 / ended.versions),
        once(f"its longest transaction, s, {name}", max(ended.transactions), MAX_SECONDS),
        once(f"its memory, last quarter against second, {name}", late / early, MAX_GROWTH),
        once(f"half articles that a reader saw, {name}", ended.half, 0),
    ]


def _ended(database: str, pages: Iterator[Page]) -> Ended:
    """Store pages as a run does, and end it."""
    collect_seldom()  # as the database's process does
    engine = open_database(database)
    run_id = run_record.begin_run(engine, "armtorg", "backfill", {})
    while batch := list(islice(pages, PAGES_PER_BATCH)):
        write_batch(engine, batch, run_id, is_judged=True)
    ended = Ended()
    _time_transactions(engine, ended.transactions)
    with _reader(database) as reader:
        watch = Stopwatch()
        judge_run(engine, run_id)
        after = 0
        while (step := carry_out_piece(engine, after)).versions:
            ended.versions, after = ended.versions + step.versions, step.after
            ended.memory.append(memory_mb(os.getpid()))
        while join_some(engine):
            pass
        ended.taken = watch.taken()
        reader.terminate()
        ended.half = sum(map(int, reader.communicate()[0].split()))
    engine.dispose()
    return ended


def _time_transactions(engine: Engine, seconds: list[float]) -> None:
    started: dict[Any, float] = {}

    def begin(connection: Connection) -> None:
        started[connection.connection] = time.perf_counter()

    def end(connection: Connection) -> None:
        seconds.append(time.perf_counter() - started.pop(connection.connection))

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    event.listen(engine, "rollback", end)


@contextmanager
def _reader(database: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.ending", database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _read(database: str) -> None:
    """Look at the views until somebody ends it, and tell at each look how many articles are half there."""
    engine = open_database(database)
    while True:
        with reading(engine) as connection:
            print(connection.exec_driver_sql(HALF).scalar(), flush=True)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def from_templates(number: int, templates: int) -> Iterator[Page]:
    """Yield so many pages from templates in turn, as price notes are: some figures change, the rest is one text."""
    random = Random(1)  # noqa: S311 - a benchmark must repeat itself
    sample = list(load_sample().articles.values())
    paragraphs = [text for article in sample for text in article.paragraphs]
    texts = [[text.split() for text in random.sample(paragraphs, PARAGRAPHS)] for _ in range(templates)]
    for external_id in range(1, number + 1):
        template = texts[external_id % templates]
        body = []
        for words in template:
            filled = list(words)
            filled[random.randrange(len(words))] = f"{random.randrange(10**6)}"
            body.append(" ".join(filled))
        article = Article(
            title=f"Цены недели, выпуск {external_id}: арматура №{external_id % templates}",
            paragraphs=tuple(body),
            date_text="31 мая 2016",
            tags=(Tag("цены", None), Tag("арматура", None)),
        )
        yield page_of(external_id, refine(article, FETCHED_AT).article)


if __name__ == "__main__":
    _read(sys.argv[1])
