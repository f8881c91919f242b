"""A big database as an analyst meets it: two sections, sources, tags, reprints, revisions, exchange rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING

from armcrawl.items import Article, Attribution, ExchangeRates, Page, Source, SourceKind
from armcrawl.refining.context import Context
from armcrawl.refining.fingerprint import fingerprint
from armcrawl.sites import PageKey, address_of
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import fts, schema
from armcrawl.store.base.article_order import SECTION_BITS
from armcrawl.store.base.database import writing
from benchmarks.articles import generated
from benchmarks.batches import batched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

# Only fills the database; a crawl's own size would take longer.
PAGES_AT_ONCE = 1_000
SOURCES = 40
# Every so manieth article is in the other section, is a reprint of an older one, was edited a day later.
OTHER_SECTION, REPRINTED, EDITED = 10, 25, 50
# A reprint follows after so many articles.
BEFORE = 12
# Higher than any id of what is written.
FIRST_ID = 1_000_000
SEARCHED = ("pages", "articles", "article_versions", "article_tags", "article_sources", "search_documents")
COPIED = (*SEARCHED, "clusters", "cluster_members")
# What was written at first, told from copies and what came later, where that is not all of such an article.
ROWS = {
    "pages": "id <= {0}",
    "articles": "id <= {0}",
    "captures": "page_id <= {0}",
    "clusters": "id <= {0}",
    "cluster_members": "article_id <= {0} AND coalesce(cluster_id, 0) <= {0}",
}
# In one transaction: each writes to nearly all pages of some indexes.
COPIES_AT_ONCE = 10
# Ids of what copies share.
SHARED = frozenset(("entity_id", "form_id", "run_id", "capture_id", "text_id", "anchor_id"))

WORDS = [index for index in schema.search_documents.indexes if index.info]
WITHOUT_INDEX = {
    "sqlite": ["DROP TRIGGER search_documents_inserted", "PRAGMA cache_size = -524288"],
    "postgresql": [f"DROP INDEX {index.name}" for index in WORDS],
}
# In more memory than either takes for a batch of a crawl.
WITH_INDEX = {
    "sqlite": [
        "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 134217728)",
        "INSERT INTO search_index (search_index) VALUES ('rebuild')",
        "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576)",
        *(statement for statement in fts.STATEMENTS if "search_documents_inserted" in statement),
        "PRAGMA cache_size = -16384",
    ],
    "postgresql": ["SET LOCAL maintenance_work_mem = '512MB'"],
}


def fill_big(engine: Engine, articles: int, written: int, tables: Sequence[str] = COPIED) -> None:
    """Store so many articles: some through the store, the others as copies of their rows in `tables`, with own ids.

    To write a hundred thousand through the store takes a quarter of an hour.
    """
    fill(engine, written)
    copy_up_to(engine, written, articles, written, tables)


def copy_up_to(engine: Engine, before: int, articles: int, written: int, tables: Sequence[str]) -> None:
    """Copy the articles that were written, where there are `before` of them, until there are so many.

    Words are indexed at the end, as one does who loads many.
    """
    with engine.begin() as connection:
        for statement in WITHOUT_INDEX[engine.dialect.name]:
            connection.exec_driver_sql(statement)
    for copies in batched(range(before // written, articles // written), COPIES_AT_ONCE):
        with writing(engine) as connection:
            for name, copy in product(tables, copies):
                columns = [column.name for column in schema.metadata.tables[name].columns]
                values = ", ".join(_copied(name, column, copy, written) for column in columns)
                rows = f"SELECT {values} FROM {name} WHERE {ROWS.get(name, 'article_id <= {0}').format(written)}"
                connection.exec_driver_sql(f"INSERT INTO {name} ({', '.join(columns)}) {rows}")
    with engine.begin() as connection:
        for statement in WITH_INDEX[engine.dialect.name]:
            connection.exec_driver_sql(statement)
        for index in WORDS if engine.dialect.name == "postgresql" else ():
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As PostgreSQL does by itself within a minute.
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")


def _copied(table: str, column: str, copy: int, written: int) -> str:
    """Return what a column of a copied row holds: as it is, or moved on where it is an id of an article."""
    ids, numbers = copy * FIRST_ID, copy * written
    if column in SHARED:
        return column
    if column == "id" or (column.endswith("_id") and column != "external_id"):
        return f"{column} + {ids}"
    if column == "place":
        return f"place + {numbers << SECTION_BITS}"
    if (table, column) == ("pages", "number"):
        return f"number + {numbers}"
    if column == "external_id":
        return f"CAST(CAST(external_id AS INTEGER) + {numbers} AS TEXT)"
    if column == "key":
        section = "rtrim(key, '0123456789')"
        return f"{section} || (CAST(substr(key, length({section}) + 1) AS INTEGER) + {numbers})"
    return column


def fill(engine: Engine, articles: int) -> None:
    """Store so many articles, the same ones each time."""
    edited: list[Page] = []
    pages = _press(articles, edited)
    while batch := list(islice(pages, PAGES_AT_ONCE)):
        write_batch(engine, batch, None)
    while edited:
        write_batch(engine, edited[:PAGES_AT_ONCE], None)
        del edited[:PAGES_AT_ONCE]


def _press(articles: int, edited: list[Page]) -> Iterator[Page]:
    recent: list[Article] = []
    for number, page in enumerate(generated(articles), 1):
        article = page.article
        if article is None or article.published is None:
            continue
        day = article.published.date
        if number % REPRINTED == 0 and len(recent) == BEFORE:
            article = replace(article, title=recent[0].title, paragraphs=recent[0].paragraphs)
        recent = [*recent, article][-BEFORE:]
        source = f"Вестник {number % SOURCES + 1}"
        article = replace(
            article, attribution=Attribution(f"Источник: {source}", (Source(source, source, SourceKind.JOURNAL),))
        )
        key = PageKey("armtorg", "articles" if number % OTHER_SECTION == 0 else "news", page.key.external_id)
        rates = ExchangeRates(day, Decimal(90 + number % 9), Decimal(80 + number % 7))
        stored = replace(
            page, key=key, address=address_of(key), article=fingerprint(article, Context(page.fetched_at)), rates=rates
        )
        yield stored
        if number % EDITED == 0:
            longer = replace(article, paragraphs=(*article.paragraphs, f"Редакция уточнила сведения: {number}."))
            later = page.fetched_at + timedelta(days=1)
            edited.append(
                replace(
                    stored, article=fingerprint(longer, Context(later)), fetched_at=later, digest=f"{stored.digest}-2"
                )
            )
