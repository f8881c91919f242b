"""Pages to store, and an open database to store them in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from armcrawl.items import Article, Outcome, Page, Tag
from armcrawl.refining.chain import refine
from armcrawl.sites import PageKey, address_of
from armcrawl.store.articles.reread_pages import Wanted, page_ids, stored_pages
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.queries.choice import Choice, Facet
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.store.articles.reread_pages import Target

Ask = Callable[[str], list[tuple[Any, ...]]]

LATER = FETCHED_AT + timedelta(days=1)
EVERY_PAGE = Wanted()
NEW_TEXT = ("Цех рассчитан на четыре тысячи приводов в год.",)

ARTICLE = Article(
    title="Завод «Салют» открыл новый цех",
    paragraphs=("Цех рассчитан на три тысячи приводов в год.", "Вложено 400 млн рублей."),
    date_text="31 Мая 2016",
    tags=(Tag("Салют", "https://armtorg.ru/tags/1"), Tag("приводы", "https://armtorg.ru/tags/2")),
)


def key(number: int = 9911, section: str = "news") -> PageKey:
    return PageKey("armtorg", section, str(number))


def stored(number: int = 9911, *, section: str = "news", fetched_at: datetime = FETCHED_AT, **fields: Any) -> Page:
    """Return a page with a refined article, whose printed fields may be given."""
    article = refine(replace(ARTICLE, **fields), fetched_at).article
    page_key = key(number, section)
    return Page(
        page_key,
        address_of(page_key),
        fetched_at,
        Outcome.STORED,
        article=article,
        http_status=200,
        digest=article.content_hash,
    )


def chosen(*, first: date | None = None, last: date | None = None, **wanted: str) -> Choice:
    """Return the choice of articles with a value of each facet that is named, and of some days."""
    return Choice(frozenset((Facet(facet), value) for facet, value in wanted.items()), first=first, last=last)


def answered(outcome: Outcome, number: int = 9911, *, fetched_at: datetime = FETCHED_AT, **fields: Any) -> Page:
    """Return a page without an article."""
    page_key = key(number, fields.pop("section", "news"))
    return Page(page_key, address_of(page_key), fetched_at, outcome, reason=fields.pop("reason", "так вышло"), **fields)


def targets(engine: Engine, wanted: Wanted = EVERY_PAGE) -> list[Target]:
    """Return the pages that are to be read again."""
    return [one.target for ids in page_ids(engine, wanted, 10) for one in stored_pages(engine, ids)]


def quarantined(reason: str = "date: wrong weekday", fetched_at: datetime = FETCHED_AT) -> Page:
    """Return a page whose article may not be stored."""
    page = stored(fetched_at=fetched_at)
    page.outcome, page.stage, page.reason = Outcome.QUARANTINED, "validate", reason
    page.body, page.content_type = b"<html>" * 100, "text/html; charset=windows-1251"
    return page


def later(page: Page, minutes: int = 1) -> Page:
    """Return an answer that came in later."""
    return replace(page, fetched_at=page.fetched_at + timedelta(minutes=minutes))


def write(engine: Engine, *pages: Page) -> None:
    """Write pages one after another, each in a batch of its own, and a minute after the one before if not later."""
    before: datetime | None = None
    for page in pages:
        moment = page.fetched_at if before is None else max(page.fetched_at, before + timedelta(minutes=1))
        write_batch(engine, [replace(page, fetched_at=moment)], None)
        before = moment
    join_waiting(engine)


@pytest.fixture
def database(each_database: str) -> str:
    """Every test of the store runs on both kinds of database."""
    return each_database


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


def fill_disk(engine: Engine, table: str) -> None:
    """Let every insertion into a table fail, as on a full disk."""
    if engine.dialect.name == "sqlite":
        statements = [f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk is full'); END"]
    else:
        statements = [
            (
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE check_violation USING MESSAGE = 'disk is full'; END $$"
            ),
            f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()",
        ]
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def plain(value: object) -> object:
    """Return a value of PostgreSQL as SQLite gives it back."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return float(value) if isinstance(value, Decimal) else value


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """Ask the open database in SQL."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with reading(engine) as connection:
            return [tuple(map(plain, row)) for row in connection.execute(text(sql))]

    return rows
