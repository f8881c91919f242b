"""Full text: ours against DuckDB's, PostgreSQL's `russian` and what FTS5 brings along, on the same articles.

How well forms of Russian words are found is measured on the corpora of `tests/quality/search.py`; time and room on
generated articles.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import psycopg
from sqlalchemy import make_url, text

from armcrawl.analysis.search import search as our_search
from armcrawl.store.articles import versions
from armcrawl.store.articles.search_index import index_articles
from armcrawl.store.base.database import open_database, reading
from benchmarks.databases import each_kind
from benchmarks.indexing import OURS as OUR_TABLES
from benchmarks.indexing import SIZES
from benchmarks.peers.asking import THEIRS, Peer
from benchmarks.peers.rows import spread
from benchmarks.press import SEARCHED, fill_big
from benchmarks.timing import Taken, in_turns, timed
from tests.quality import search as quality
from tests.quality.corpus import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.store.articles.search_index import SearchDocument
    from benchmarks.peers.rows import Row
    from tests.quality.corpus import Entry

    # How each kind of query is asked.
    Asked = Callable[[str], Taken]
    Texts = Sequence[tuple[int, str, str]]

# So many go through the store; the others are copies of their rows.
ARTICLES, WRITTEN, ROUNDS = 20_000, 5_000, 5
# As everybody's syntax has them.
QUERIES = {
    "one word": ("арматура", "завод", "задвижка", "насос", "давление"),
    "two words": ("задвижка завод", "шаровой кран", "арматура насос", "клапан давление", "завод кран"),
    "a rare word": ("нарзан", "скворечник", "мидии", "паром", "кавитация"),
    "a phrase": ('"шаровых кранов"', '"трубопроводная арматура"', '"первый раз"', '"в два раза"', '"на складе"'),
}
DUCKDB, POSTGRESQL, FTS5 = "DuckDB fts", "PostgreSQL russian", "SQLite FTS5 unicode61"


def search(articles: int = ARTICLES, written: int = WRITTEN) -> list[Row]:
    """Return a row for each search."""
    rows: dict[str, Row] = defaultdict(dict)
    for name, shares in _shares().items():
        rows[name] |= shares
    with TemporaryDirectory() as folder, each_kind() as kinds:
        asked: dict[str, Asked] = {}
        engines = {f"armcrawl, {kind}": open_database(make()) for kind, make in kinds.items()}
        for name, engine in engines.items():
            rows[name] |= _filled(engine, articles, written)
            asked[name] = partial(_taken_by_ours, engine)
        with reading(next(iter(engines.values()))) as connection:
            texts = _texts(connection)
        url = make_url(kinds["PostgreSQL"]()).set(drivername="postgresql").render_as_string(hide_password=False)
        with (
            closing(sqlite3.connect(f"{folder}/plain.db")) as fts5,
            psycopg.connect(url, autocommit=True) as postgresql,
            Peer(THEIRS, "full_text", f"{folder}/texts.duckdb") as duckdb,
        ):
            rows[FTS5] |= _in_fts5(fts5, texts)
            rows[POSTGRESQL] |= _in_postgresql(postgresql, texts)
            rows[DUCKDB] |= _in_duckdb(duckdb, texts, Path(folder) / "texts.json")
            asked |= {
                FTS5: partial(_taken_by_fts5, fts5),
                POSTGRESQL: partial(_taken_by_postgresql, postgresql),
                DUCKDB: lambda query: duckdb.time("page", text=query),
            }
            for name, row in _timed(asked).items():
                rows[name] |= row
        for engine in engines.values():
            engine.dispose()
    return [{"peer": name, "articles": articles} | row for name, row in rows.items()]


def _shares() -> dict[str, Row]:
    """Return recall and precision of each, on sentences and on hard forms of words."""
    sentences, words = load("search"), load("search-words")
    of_words = quality.sentences_of(words)

    def shares(find: quality.Finder, find_of_words: quality.Finder) -> Row:
        return quality.of_search(sentences, find) | quality.of_words(words, find_of_words)

    ours = shares(quality.ours(sentences), quality.ours(of_words))
    with quality.by_postgresql(sentences) as find, quality.by_postgresql(of_words) as find_of_words:
        by_postgresql = shares(find, find_of_words)
    with TemporaryDirectory() as folder:
        by_duckdb = [_by_duckdb(Path(folder) / str(number), its) for number, its in enumerate((sentences, of_words))]
        found = shares(*map(_finder, by_duckdb))
        for peer in by_duckdb:
            peer.close()
    return {
        "armcrawl, SQLite": ours,
        "armcrawl, PostgreSQL": ours,
        DUCKDB: found,
        POSTGRESQL: by_postgresql,
        FTS5: shares(quality.by_unicode61(sentences), quality.by_unicode61(of_words)),
    }


def _by_duckdb(file: Path, entries: Sequence[Entry]) -> Peer:
    peer = Peer(THEIRS, "full_text", f"{file}.duckdb")
    texts = file.with_suffix(".json")
    texts.write_text(json.dumps([{"id": place, "text": one["text"]} for place, one in enumerate(entries)]), "utf-8")
    peer.ask("index", texts=str(texts))
    return peer


def _finder(peer: Peer) -> quality.Finder:
    return lambda form: set(peer.ask("find", text=form))


def _filled(engine: Engine, articles: int, written: int) -> Row:
    """Fill a database; return what indexing an article takes, and how many bytes its index has, tokens included."""
    taken: list[Taken] = []
    indexed: list[int] = []

    def timed_index(connection: Connection, some: Sequence[SearchDocument]) -> None:
        taken.append(timed(lambda: index_articles(connection, some)))
        indexed.append(len(some))

    with patch.object(versions, "index_articles", timed_index):
        fill_big(engine, articles, written, SEARCHED)
    with reading(engine) as connection:
        size = connection.execute(text(SIZES["index and tokens"][engine.dialect.name]), OUR_TABLES).scalar_one()
    return _told(sum(one.wall for one in taken) / sum(indexed), size / articles)


def _told(seconds: float, size: float) -> Row:
    return {"ms an article, indexing": round(seconds * 1000, 3), "bytes an article": round(size)}


def _texts(connection: Connection) -> Texts:
    rows = connection.execute(text("SELECT title, body FROM v_articles ORDER BY key"))
    return [(number, title, body) for number, (title, body) in enumerate(rows, 1)]


def _in_fts5(connection: sqlite3.Connection, texts: Texts) -> Row:
    connection.execute("CREATE VIRTUAL TABLE plain USING fts5(title, body)")

    def fill() -> None:
        with connection:
            connection.executemany("INSERT INTO plain (rowid, title, body) VALUES (?, ?, ?)", texts)

    taken = timed(fill)
    query = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('plain_data', 'plain_idx', 'plain_docsize')"
    return _told(taken.wall / len(texts), connection.execute(query).fetchone()[0] / len(texts))


def _in_postgresql(connection: psycopg.Connection, texts: Texts) -> Row:
    connection.execute("CREATE TABLE plain_texts (id integer PRIMARY KEY, title text, body text)")
    connection.execute("CREATE TABLE plain (id integer PRIMARY KEY, words tsvector)")
    connection.execute("CREATE INDEX words ON plain USING gin (words)")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO plain_texts VALUES (%s, %s, %s)", texts)
    query = "INSERT INTO plain SELECT id, to_tsvector('russian', title || ' ' || body) FROM plain_texts"
    taken = timed(lambda: connection.execute(query))
    connection.execute("VACUUM ANALYZE")
    found = connection.execute("SELECT pg_total_relation_size('plain')").fetchone()
    assert found is not None
    return _told(taken.wall / len(texts), found[0] / len(texts))


def _in_duckdb(peer: Peer, texts: Texts, file: Path) -> Row:
    rows = [{"id": number, "text": f"{title}\n{body}"} for number, title, body in texts]
    file.write_text(json.dumps(rows), encoding="utf-8")
    told = peer.ask("index", texts=str(file))
    return _told(told["wall"] / len(texts), told["bytes"] / len(texts))


def _timed(asked: Mapping[str, Asked]) -> dict[str, Row]:
    """Return for each what the middle query of each kind takes, in turns."""
    sides = {(name, kind): partial(_middle, ask, QUERIES[kind]) for name, ask in asked.items() for kind in _kinds(name)}
    taken = in_turns(ROUNDS, {f"{name}|{kind}": run for (name, kind), run in sides.items()})
    rows: dict[str, Row] = defaultdict(dict)
    for name, kind in sides:
        rows[name][f"ms, {kind}"] = spread([one.wall * 1000 for one in taken[f"{name}|{kind}"]])
    return rows


def _kinds(name: str) -> Iterator[str]:
    """Yield the kinds of queries that a search knows: DuckDB's has no phrases."""
    yield from (kind for kind in QUERIES if name != DUCKDB or "phrase" not in kind)


def _middle(ask: Asked, queries: Sequence[str]) -> Taken:
    return sorted((ask(query) for query in queries), key=lambda one: one.wall)[len(queries) // 2]


def _taken_by_ours(engine: Engine, query: str) -> Taken:
    return timed(lambda: our_search(engine, query, 20))


def _taken_by_fts5(connection: sqlite3.Connection, query: str) -> Taken:
    page = """SELECT rowid, title, snippet(plain, 1, '[', ']', '…', 30) FROM plain WHERE plain MATCH ?
        ORDER BY rank LIMIT 20"""
    count = "SELECT count(*) FROM plain WHERE plain MATCH ?"
    return timed(lambda: [connection.execute(one, (query,)).fetchall() for one in (page, count)])


def _taken_by_postgresql(connection: psycopg.Connection, query: str) -> Taken:
    page = """WITH hits AS (
            SELECT id, ts_rank(words, query) AS rank, query FROM plain, websearch_to_tsquery('russian', %s) AS query
            WHERE words @@ query ORDER BY rank DESC, id LIMIT 20)
        SELECT title, ts_headline('russian', body, query) FROM hits JOIN plain_texts USING (id) ORDER BY rank DESC"""
    count = "SELECT count(*) FROM plain WHERE words @@ websearch_to_tsquery('russian', %s)"
    return timed(lambda: [connection.execute(one, (query,)).fetchall() for one in (page, count)])
