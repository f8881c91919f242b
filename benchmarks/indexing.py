"""What search by the dictionary costs against plain stems of the same texts: time, and room in the database.

Plain stems are `to_tsvector('russian', …)` with a GIN index, and FTS5 over the stems of Snowball.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from sqlalchemy import text

from armcrawl.russian.terms import bare_terms
from armcrawl.store.articles import versions
from armcrawl.store.articles.search_index import index_articles
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading, writing
from benchmarks.articles import generated
from benchmarks.batches import batched
from benchmarks.databases import each_kind
from benchmarks.report import PROCESSOR, WALL, amount, once
from benchmarks.timing import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Page
    from armcrawl.store.articles.search_index import SearchDocument
    from benchmarks.report import Figure
    from benchmarks.timing import Taken

ROUNDS, ARTICLES_A_ROUND = 8, 300
MAX_MS, MAX_SIZE = 0.6, 1.6
PLAIN = {
    "sqlite": ("CREATE VIRTUAL TABLE plain USING fts5(words)",),
    "postgresql": (
        "CREATE TABLE plain (id bigint PRIMARY KEY, words tsvector)",
        "CREATE INDEX ON plain USING gin (words)",
    ),
}
# An article whose tags are called otherwise by now is indexed again, by both.
INSERT = {
    "sqlite": "INSERT OR REPLACE INTO plain (rowid, words) VALUES (:id, :words)",
    "postgresql": """INSERT INTO plain VALUES (:id, to_tsvector('russian', :words))
        ON CONFLICT (id) DO UPDATE SET words = excluded.words""",
}
# Of the index alone, and of it with what is indexed and the index of keys.
SIZES = {
    "index": {
        "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name = :index || '_data'",
        "postgresql": "SELECT pg_indexes_size(:table)",
    },
    "index and tokens": {
        "sqlite": """SELECT sum(pgsize) FROM dbstat
            WHERE name IN (:table, :table || '_content') OR name LIKE :index || '_%'""",
        "postgresql": "SELECT pg_total_relation_size(:table)",
    },
}
# What was written last lies apart until much more follows.
MERGED = {
    "sqlite": [
        "INSERT INTO search_index (search_index) VALUES ('optimize')",
        "INSERT INTO plain (plain) VALUES ('optimize')",
    ],
    "postgresql": ["VACUUM"],
}
OURS = {"table": "search_documents", "index": "search_index"}
THEIRS = {"table": "plain", "index": "plain"}


def indexing() -> list[Figure]:
    """Index the same texts both ways, in turns, on each kind of database."""
    figures = []
    pages = list(generated(ROUNDS * ARTICLES_A_ROUND))
    with each_kind() as kinds:
        for kind, make in kinds.items():
            engine = open_database(make())
            dialect = engine.dialect.name
            with writing(engine) as connection:
                for statement in PLAIN[dialect]:
                    connection.execute(text(statement))
            # The first round fills the caches of words, as the first minutes of a crawl do.
            more = [_ours_beyond_plain(engine, some) for some in batched(pages, ARTICLES_A_ROUND)][1:]
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for statement in MERGED[dialect]:
                    connection.execute(text(statement))
            sizes = {name: _size(engine, query, OURS) / _size(engine, query, THEIRS) for name, query in SIZES.items()}
            engine.dispose()
            # All of SQLite works in this process; of PostgreSQL half does.
            clock = PROCESSOR if kind == "SQLite" else WALL
            figures += [
                amount(f"indexing an article beyond plain stems, ms, {kind}", more, MAX_MS, by=clock, units=1000),
                *(once(f"{name} against plain stems, {kind}", size, MAX_SIZE) for name, size in sizes.items()),
            ]
    return figures


def _ours_beyond_plain(engine: Engine, pages: Sequence[Page]) -> Taken:
    """Return what our index takes of an article more than plain stems of the same."""
    seen: list[SearchDocument] = []
    taken: list[Taken] = []

    def timed_index(connection: Connection, articles: Sequence[SearchDocument]) -> None:
        seen.extend(articles)
        watch = Stopwatch()
        index_articles(connection, articles)
        taken.append(watch.taken())

    with patch.object(versions, "index_articles", timed_index):
        write_batch(engine, pages, None)
    ours = _sum(taken)
    with writing(engine) as connection:
        watch = Stopwatch()
        rows = [{"id": one.article_id, "words": _words(one, engine.dialect.name)} for one in seen]
        connection.execute(text(INSERT[engine.dialect.name]), rows)
        plain = watch.taken()
    return ours.less(plain).each(len(pages))


def _sum(taken: Sequence[Taken]) -> Taken:
    return type(taken[0])(sum(one.wall for one in taken), sum(one.processor for one in taken))


def _words(article: SearchDocument, dialect: str) -> str:
    whole = "\n".join((article.title, *article.tags, *article.sources, *article.texts))
    return " ".join(bare_terms(whole)) if dialect == "sqlite" else whole


def _size(engine: Engine, query: Mapping[str, str], names: Mapping[str, str]) -> int:
    with reading(engine) as connection:
        size = connection.execute(text(query[engine.dialect.name]), names).scalar_one()
        return int(size)
