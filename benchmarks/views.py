"""The views over a million articles: one by its key, how many there are in each month, and what columns cost.

A hundred generated articles are written through the store, and their rows copied under other ids, keys and days: a
minute or two, not hours.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, bindparam, cast, func, insert, literal, select, text, true
from sqlalchemy import Text as Words

from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading, writing
from benchmarks.articles import DAYS, FIRST_DAY, generated
from benchmarks.databases import each_kind
from benchmarks.report import WALL, amount, ratio
from benchmarks.timing import Stopwatch, in_turns, timed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from benchmarks.report import Figure

ARTICLES, WRITTEN = 1_000_000, 100
# Copies in one transaction: of fifty megabytes.
COPIES_AT_ONCE = 100
ROUNDS, KEYS = 7, 200
MAX_MILLISECONDS, MAX_SECONDS = 5.0, 3.0
TABLES = "pages, captures, articles, article_versions, article_tags, article_sources, cluster_members, entities"
MONTHS = {
    "sqlite": "SELECT strftime('%Y-%m', published_on) AS month, count(*) FROM v_articles GROUP BY 1 ORDER BY 1",
    "postgresql": "SELECT to_char(published_on, 'YYYY-MM') AS month, count(*) FROM v_articles GROUP BY 1 ORDER BY 1",
}
BY_KEY = text("SELECT * FROM v_articles WHERE key = :key")
# The newest articles, of which some columns are read: those of a table's own row, and those that are counted or listed.
NEWEST = 10_000
FROM_DAY = FIRST_DAY + timedelta(days=DAYS - DAYS * NEWEST // ARTICLES)
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
    """Fill a database of each kind, and ask it."""
    figures = []
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            watch = Stopwatch()
            fill(engine)
            print(f"  {kind}: {ARTICLES:,} articles in {watch.taken().wall:.0f} s", flush=True)
            random = Random(1)  # noqa: S311 - a benchmark must repeat itself
            by_key = [timed(partial(_look_up, engine, random), KEYS) for _ in range(ROUNDS)]
            by_month = [timed(partial(_count, engine)) for _ in range(ROUNDS)]
            columns = in_turns(
                ROUNDS,
                {query: partial(timed, partial(_read, engine, query)) for query in (PLAIN, OF_TABLES, LISTS, WHOLE)},
            )
            engine.dispose()
            figures += [
                amount(
                    f"v_articles by key among {ARTICLES:,}, ms, {kind}", by_key, MAX_MILLISECONDS, by=WALL, units=1000
                ),
                amount(f"v_articles of {ARTICLES:,} by month, s, {kind}", by_month, MAX_SECONDS, by=WALL),
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


def fill(engine: Engine) -> None:
    """Write some articles, and copy them."""
    write_batch(engine, list(generated(WRITTEN)), None)
    for first in range(1, ARTICLES // WRITTEN, COPIES_AT_ONCE):
        with writing(engine) as connection:
            _copy(connection, first, min(first + COPIES_AT_ONCE, ARTICLES // WRITTEN))
    if engine.dialect.name == "postgresql":
        # As the server does by itself within a minute.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM ANALYZE {TABLES}")


def _copy(connection: Connection, first: int, end: int) -> None:
    """Copy the articles that were written, once for each number of a range."""
    numbers = select(literal(first).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n + 1 < end))
    shift = numbers.c.n * WRITTEN
    pages, articles, versions = schema.pages, schema.articles, schema.article_versions
    number = cast(pages.c.number + shift, Words)
    is_sqlite = connection.dialect.name == "sqlite"
    day = literal(FIRST_DAY, Date)
    days = cast((versions.c.article_id + shift) * DAYS // ARTICLES, Integer)
    own: dict[str, dict[str, Any]] = {
        "pages": {
            "id": pages.c.id + shift,
            "external_id": number,
            "number": pages.c.number + shift,
            "address": literal("https://armtorg.ru/news/").concat(number),
        },
        "articles": {
            "id": articles.c.id + shift,
            "page_id": articles.c.page_id + shift,
            "key": literal("armtorg/news/").concat(cast(articles.c.page_id + shift, Words)),
        },
        "article_versions": {
            "id": versions.c.id + shift,
            "article_id": versions.c.article_id + shift,
            "published_on": func.date(day, func.printf("+%d days", days)) if is_sqlite else day + days,
        },
    }
    own["captures"] = {"id": schema.captures.c.id + shift, "page_id": schema.captures.c.page_id + shift}
    own["article_tags"] = {"article_id": schema.article_tags.c.article_id + shift}
    for name, told in own.items():
        each = schema.metadata.tables[name]
        columns = [told.get(one.name, one) for one in each.columns]
        query = select(*columns).select_from(each.join(numbers, true())).where(each.c[next(iter(told))] <= WRITTEN)
        connection.execute(insert(each).from_select([one.name for one in each.columns], query))


def _look_up(engine: Engine, random: Random) -> None:
    with reading(engine) as connection:
        connection.execute(BY_KEY, {"key": f"armtorg/news/{random.randint(1, ARTICLES)}"}).one()


def _read(engine: Engine, query: str) -> None:
    with reading(engine) as connection:
        found = connection.execute(text(query).bindparams(bindparam("day", FROM_DAY, Date))).all()
    if len(found) < NEWEST:
        raise RuntimeError("some of the newest articles are not there")


def _count(engine: Engine) -> None:
    with reading(engine) as connection:
        found = connection.execute(text(MONTHS[engine.dialect.name])).all()
    if sum(number for _, number in found) != ARTICLES:
        raise RuntimeError("the months do not hold all articles")
