"""Pages to store, and an open database to store them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from armcrawl.addresses import PageKey
from armcrawl.items import Article, Outcome, Page, Tag
from armcrawl.refining import refine
from armcrawl.store.database import open_database, reading
from tests.conftest import FETCHED_AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine

Ask = Callable[[str], list[tuple[Any, ...]]]

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
        page_key.address,
        fetched_at,
        Outcome.STORED,
        article=article,
        http_status=200,
        digest=article.content_hash,
    )


def answered(outcome: Outcome, number: int = 9911, *, fetched_at: datetime = FETCHED_AT, **fields: Any) -> Page:
    """Return a page without an article."""
    page_key = key(number, fields.pop("section", "news"))
    return Page(page_key, page_key.address, fetched_at, outcome, reason=fields.pop("reason", "так вышло"), **fields)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """Ask the open database in SQL."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with reading(engine) as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    return rows
