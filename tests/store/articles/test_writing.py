"""A batch of pages is written whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, StatementError

from armcrawl.items import ExchangeRates, Image, Outcome, Precision, Published, Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from tests.store.conftest import LATER, NEW_TEXT, answered, fill_disk, later, quarantined, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask


# What is written


def test_a_batch_says_what_it_did(engine: Engine) -> None:
    write_batch(engine, [stored(1), stored(2)], None)
    batch = [later(stored(1)), later(stored(2, paragraphs=NEW_TEXT)), stored(3), answered(Outcome.MISSING, 4)]
    written = write_batch(engine, batch, None)
    assert (written.new, written.changed, written.unchanged) == (1, 1, 1)


def test_an_empty_batch_writes_nothing(engine: Engine, ask: Ask) -> None:
    written = write_batch(engine, [], None)
    assert (written.new, written.changed, written.unchanged) == (0, 0, 0)
    assert ask("SELECT count(*) FROM pages") == [(0,)]


def test_batches_do_not_change_what_is_stored(engine: Engine, ask: Ask) -> None:
    pages = [stored(1), stored(2, tags=(Tag("САЛЮТ"),)), answered(Outcome.MISSING, 3), stored(4, tags=(Tag("С-400"),))]
    write_batch(engine, pages, None)
    sql = """SELECT a.key, t.key, f.form FROM article_tags at
             JOIN articles a ON a.id = at.article_id JOIN entities t ON t.id = at.entity_id
             JOIN entity_forms f ON f.id = at.form_id ORDER BY 1, at.position"""
    at_once = ask(sql)
    with engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(table.delete())
    write(engine, *pages)
    assert ask(sql) == at_once


def test_exchange_rates_are_one_exact_row_a_day(engine: Engine) -> None:
    rates = ExchangeRates(date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))
    write(engine, replace(stored(1), rates=rates), replace(answered(Outcome.NOT_ARTICLE, 2), rates=rates))
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(schema.exchange_rates.select())]
    assert found == [("armtorg", date(2026, 1, 28), Decimal("90.9329"), Decimal("76.5519"))]


def test_two_writers_at_once_write_each_article_once(ask: Ask, database: str) -> None:
    def write_all(pages: list[Page]) -> None:
        own = open_database(database)
        for page in pages:
            write_batch(own, [page], None)
        own.dispose()

    pages = [stored(number) for number in range(1, 21)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write_all, [pages, pages[::-1]]))
    assert ask("SELECT count(*) FROM articles") == [(20,)]
    assert ask("SELECT count(*) FROM article_versions") == [(20,)]
    assert ask("SELECT count(*) FROM entities") == [(2,)]


# All or nothing


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table."""
    with reading(engine) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def broken(number: int) -> Page:
    """Return a page whose article cannot be written: its moment has no zone."""
    page = stored(number)
    assert page.article is not None
    naive = datetime(2016, 5, 31, 10, 20)  # noqa: DTZ001 - the database refuses it
    published = Published(date(2016, 5, 31), Precision.DAY, naive)
    return replace(page, article=replace(page.article, published=published))


def test_of_a_batch_with_a_broken_page_nothing_is_written(engine: Engine) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        write_batch(engine, [stored(1), quarantined(), broken(2), stored(3)], None)
    assert set(counts(engine).values()) == {0}


@pytest.mark.parametrize(
    "table", ["captures", "articles", "article_versions", "entity_forms", "article_tags", "images"]
)
def test_of_a_batch_that_fails_at_any_table_nothing_is_written(engine: Engine, table: str) -> None:
    fill_disk(engine, table)
    with pytest.raises(IntegrityError, match="disk is full"):
        write_batch(
            engine, [stored(1, images=(Image("https://armtorg.ru/1.jpg"),)), answered(Outcome.MISSING, 2)], None
        )
    assert set(counts(engine).values()) == {0}


def test_a_change_that_fails_in_the_middle_leaves_the_old_version_whole(engine: Engine, ask: Ask) -> None:
    write(engine, stored())
    before = counts(engine)
    fill_disk(engine, "article_tags")
    with pytest.raises(IntegrityError):
        write_batch(engine, [stored(paragraphs=NEW_TEXT, fetched_at=LATER)], None)
    assert counts(engine) == before
    assert ask("SELECT current_version FROM articles") == [(1,)]
    assert ask("SELECT fetched_at FROM pages") == [("2026-11-23 07:00:00.000000",)]


def test_the_next_batch_after_a_broken_one_is_written(engine: Engine, ask: Ask) -> None:
    with pytest.raises(StatementError):
        write_batch(engine, [broken(1)], None)
    write(engine, stored(1))
    assert ask("SELECT outcome FROM pages") == [("stored",)]
