"""A ledger of a million ids: how long it takes to tell its status, and to plan a night."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import text

from armcrawl.cli.output import MAX_RANGES
from armcrawl.discovery.frontier import Frontier
from armcrawl.store.base.database import open_database
from armcrawl.store.base.database_worker import DatabaseWorker
from armcrawl.store.ledger import ledger
from armcrawl.store.queries.id_ranges import id_ranges
from armcrawl.store.queries.status import section_status
from benchmarks.databases import each_kind
from benchmarks.report import WALL, amount
from benchmarks.timing import Stopwatch, timed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.store.queries.status import SectionStatus
    from benchmarks.report import Figure
    from benchmarks.timing import Taken

IDS = 1_000_000
ROUNDS = 5
MAX_SECONDS = 0.4
# Every hundredth id was never asked for, of the others every tenth is missing: both in many short holes.
NUMBERS = {
    "sqlite": "WITH RECURSIVE ids(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ids WHERE n < :last)",
    "postgresql": "WITH ids AS (SELECT generate_series(1, CAST(:last AS bigint)) AS n)",
}
PAGES = """INSERT INTO pages (site, section, external_id, number, address, outcome, first_seen_at, fetched_at,
  next_check_at, attempts)
{numbers}
SELECT 'armtorg', 'news', CAST(n AS TEXT), n, 'https://armtorg.ru/news/' || n,
  CASE WHEN n % 10 = 3 THEN 'missing' ELSE 'stored' END, '2026-11-22 00:00:00', '2026-11-22 00:00:00',
  CASE WHEN n > :last - 300 THEN CAST('2026-11-22 18:00:00' AS {moment}) END, 0
FROM ids WHERE n % 100 <> 7"""

# An article for every stored page, with the shortest of texts: only its date is asked for.
ARTICLES = (
    """INSERT INTO articles (page_id, key, current_version, published_version)
SELECT id, 'armtorg/news/' || external_id, 1, 1 FROM pages WHERE outcome = 'stored'""",
    """INSERT INTO article_versions (article_id, number, cause, state, parser_version, created_at, title, body,
  published_on, date_precision, word_count, content_hash, document_hash, text_hash, document)
SELECT id, 1, 'fetch', 'shown', 1, '2026-11-22 00:00:00', 'x', 'x', '2016-05-31', 'day', 1, key, key, key, '{}'
FROM articles""",
    """INSERT INTO search_documents (place, article_id, title, tags, sources, text)
SELECT (CAST(736000 AS BIGINT) + p.number / 200) * 8796093022208 + p.number, a.id, 'x', 'x', 'x', 'x'
FROM articles a JOIN pages p ON p.id = a.page_id""",
)


def million() -> list[Figure]:
    """Time both on each kind of database."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            url = make()
            engine = open_database(url)
            fill(engine)
            status = [timed(partial(told, engine)) for _ in range(ROUNDS)]
            (section,) = told(engine)
            engine.dispose()
            plans = asyncio.run(_plans(url))
            print(f"  {kind}: {section.known} pages known, {plans[0][1]} to be asked for")
            # Both wait for another process: the server, or the worker that the frontier asks.
            planning = [taken for taken, _ in plans]
            figures += [
                amount(f"status of a million ids in {kind}, s", status, MAX_SECONDS, by=WALL),
                amount(f"planning a night of a million ids in {kind}, s", planning, MAX_SECONDS, by=WALL),
            ]
    return figures


def told(engine: Engine) -> list[SectionStatus]:
    """Ask for what `armcrawl status` shows of the ledger."""
    sections = section_status(engine)
    for one in sections:
        id_ranges(engine, one, MAX_RANGES)
    return sections


def fill(engine: Engine) -> None:
    name = engine.dialect.name
    moment = {"sqlite": "TEXT", "postgresql": "timestamptz"}[name]
    with engine.begin() as connection:
        connection.execute(text(PAGES.format(numbers=NUMBERS[name], moment=moment)), {"last": IDS})
        for statement in ARTICLES:
            connection.execute(text(statement))
    if name == "postgresql":
        # As a server does by itself within a minute or two.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


async def _plans(url: str) -> list[tuple[Taken, int]]:
    """Return for each round what planning takes, and how many ids it yields."""
    worker = DatabaseWorker(url)
    await worker.call(ledger.head, "armtorg", "news")  # the process starts once a run, however big the ledger
    found = []
    for _ in range(ROUNDS):
        watch = Stopwatch()
        frontier = await Frontier.of(worker, "armtorg", ["news"])
        number = sum([1 async for _ in frontier.wanted()])
        found.append((watch.taken(), number))
    await worker.close()
    return found
