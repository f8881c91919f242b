"""What must hold for everything that was read, whatever the bytes were."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.items import Article

MOSCOW = ZoneInfo("Europe/Moscow")
# As armcrawl.russian.dates allows for clocks that differ.
CLOCK_DIFFERENCE = timedelta(minutes=10)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in nested dataclasses, tuples and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, dict):
        yield from texts_in(list(value.items()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))


def assert_storable(value: Any) -> None:
    """Check that no text holds what PostgreSQL refuses."""
    for text in texts_in(value):
        assert "\0" not in text, "a NUL"
        text.encode("utf-8")


def assert_not_after(article: Article, fetched_at: datetime) -> None:
    """Check that an article is not dated after its fetch."""
    latest = fetched_at.astimezone(UTC) + CLOCK_DIFFERENCE
    if article.published is not None:
        assert article.published.date <= latest.astimezone(MOSCOW).date(), article.published
        assert article.published.time is None or article.published.time <= latest, article.published
    if article.rates is not None:
        assert article.rates.day <= latest.astimezone(MOSCOW).date(), article.rates
