"""The views over a million articles: one by its key, how many there are in each month, and what columns cost."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import Date, bindparam, text

from armcrawl.store.base.database import reading
from benchmarks.articles import DAYS, FIRST_DAY
from benchmarks.big import MILLION, big_databases
from benchmarks.press import OTHER_SECTION
from benchmarks.report import WALL, amount, ratio
from benchmarks.timing import in_turns, timed

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from benchmarks.report import Figure

ROUNDS, KEYS = 7, 200
MAX_MILLISECONDS, MAX_SECONDS = 5.0, 3.0
MONTHS = {
    "sqlite": "SELECT strftime('%Y-%m', published_on) AS month, count(*) FROM v_articles GROUP BY 1 ORDER BY 1",
    "postgresql": "SELECT to_char(published_on, 'YYYY-MM') AS month, count(*) FROM v_articles GROUP BY 1 ORDER BY 1",
}
BY_KEY = text("SELECT * FROM v_articles WHERE key = :key")
# The newest articles, of which some columns are read: those of a table's own row, and those that are counted or listed.
NEWEST = 10_000
FROM_DAY = FIRST_DAY + timedelta(days=DAYS - DAYS * NEWEST // MILLION)
PLAIN = "SELECT key, title, published_on, word_count, author FROM v_articles WHERE published_on >= :day"
OF_TABLES = """SELECT a.key, v.title, v.published_on, v.word_count, v.author FROM articles a
  JOIN article_versions v ON v.article_id = a.id AND v.number = a.published_version
  JOIN pages p ON p.id = a.page_id WHERE v.published_on >= :day"""
LISTS = "SELECT key, tags, sources, entities FROM v_articles WHERE published_on >= :day"
WHOLE = "SELECT * FROM v_articles WHERE published_on >= :day"
# What nobody asks for costs nothing: a tenth is noise.
MAX_AGAINST_TABLES = 1.1
# What an analyst waits for without wondering.
MAX_LISTS, MAX_WHOLE = 1.0, 3.0


def views() -> list[Figure]:
    """Ask a database of each kind."""
    figures = []
    for kind, engine in big_databases():
        random = Random(1)  # noqa: S311 - a benchmark must repeat itself
        by_key = [timed(partial(_look_up, engine, random), KEYS) for _ in range(ROUNDS)]
        by_month = [timed(partial(_count, engine)) for _ in range(ROUNDS)]
        columns = in_turns(
            ROUNDS,
            {query: partial(timed, partial(_read, engine, query)) for query in (PLAIN, OF_TABLES, LISTS, WHOLE)},
        )
        figures += [
            amount(f"v_articles by key among {MILLION:,}, ms, {kind}", by_key, MAX_MILLISECONDS, by=WALL, units=1000),
            amount(f"v_articles of {MILLION:,} by month, s, {kind}", by_month, MAX_SECONDS, by=WALL),
            ratio(
                f"plain columns of v_articles against the tables, {kind}",
                columns[PLAIN],
                columns[OF_TABLES],
                MAX_AGAINST_TABLES,
                by=WALL,
            ),
            amount(f"lists of names of {NEWEST:,} articles, s, {kind}", columns[LISTS], MAX_LISTS, by=WALL),
            amount(f"all columns of {NEWEST:,} articles, s, {kind}", columns[WHOLE], MAX_WHOLE, by=WALL),
        ]
    return figures


def _look_up(engine: Engine, random: Random) -> None:
    with reading(engine) as connection:
        number = random.randint(1, MILLION)
        section = "articles" if number % OTHER_SECTION == 0 else "news"
        connection.execute(BY_KEY, {"key": f"armtorg/{section}/{number}"}).one()


def _read(engine: Engine, query: str) -> None:
    with reading(engine) as connection:
        found = connection.execute(text(query).bindparams(bindparam("day", FROM_DAY, Date))).all()
    if len(found) < NEWEST:
        raise RuntimeError("some of the newest articles are not there")


def _count(engine: Engine) -> None:
    with reading(engine) as connection:
        found = connection.execute(text(MONTHS[engine.dialect.name])).all()
    if sum(number for _, number in found) < MILLION:
        raise RuntimeError("the months do not hold all articles")
