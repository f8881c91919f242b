"""Developments in a big database: the portrait of the most mentioned entity, and trends of common and rare words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.analysis.portraits import portrait
from armcrawl.analysis.trends import Asked, SeriesKind, trends
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.queries.counted_articles import months_of
from benchmarks.report import PROCESSOR, WALL, amount
from benchmarks.timing import timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from benchmarks.report import Figure
    from benchmarks.timing import Taken

# What a page may take; six series beside each other; all articles by month, which pages count once a minute.
MAX_ENTITY_MS, MAX_TREND_MS, MAX_SIX_MS, MAX_WHOLE_MS = 150, 200, 600, 500
ROUNDS = 7
# A word of nearly every article, of half of them, of one in three hundred.
WORDS = {"the commonest word": ("и",), "a common word": ("завод",), "a rare word": ("нарзан",)}
SIX = ("завод", "клапан", "задвижка", "кран", "арматура", "насос")


def developed(engine: Engine, among: str) -> list[Figure]:
    """Time what the pages of developments ask for, over a database that is filled."""
    clock = PROCESSOR if engine.dialect.name == "sqlite" else WALL  # PostgreSQL works in processes of its own
    name = _most_mentioned(engine)
    with reading(engine) as connection:
        whole = months_of(connection)

    def row(what: str, ask: Callable[[], object], limit: float) -> Figure:
        taken: list[Taken] = [timed(ask) for _ in range(ROUNDS)]
        return amount(f"{what} among {among}, ms", taken, limit, by=clock, units=1000)

    def words(texts: tuple[str, ...]) -> Callable[[], object]:
        return partial(trends, engine, [Asked(SeriesKind.WORDS, text) for text in texts], whole=whole)

    of_entity = [Asked(SeriesKind.ENTITY, name)]
    return [
        row("the most mentioned entity", lambda: portrait(engine, name), MAX_ENTITY_MS),
        row("a trend of the most mentioned entity", lambda: trends(engine, of_entity, whole=whole), MAX_TREND_MS),
        *(row(f"a trend of {what}", words(texts), MAX_TREND_MS) for what, texts in WORDS.items()),
        row("trends of six common words", words(SIX), MAX_SIX_MS),
        row("all articles by month", lambda: _whole(engine), MAX_WHOLE_MS),
    ]


def _whole(engine: Engine) -> None:
    with reading(engine) as connection:
        months_of(connection)


def _most_mentioned(engine: Engine) -> str:
    links, entities = schema.article_sources, schema.entities
    number = func.count()
    query = select(entities.c.key).join(links, links.c.entity_id == entities.c.id).group_by(entities.c.key)
    with reading(engine) as connection:
        key: str = connection.execute(query.order_by(number.desc(), entities.c.key).limit(1)).scalar_one()
    return key
