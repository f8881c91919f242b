"""A trend as rows: a month each, and behind them what has no month."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, Float, Text

from armcrawl.analysis.trends import trends
from armcrawl.store.queries.counted_articles import Months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.analysis.forms import Columns
    from armcrawl.analysis.trends import Asked

MONTHS: Columns = {
    "month": Date(),
    "date_precision": Text(),
    "articles": BigInteger(),
    "all_articles": BigInteger(),
    "per_thousand": Float(),
}


def months_in_rows(
    engine: Engine, asked: Sequence[Asked], first: date | None, last: date | None
) -> list[Sequence[Any]]:
    """Return the rows of a series, or of all articles, over the months of two days; raises UsageError as `trends`."""
    since, until = (day.isoformat()[: len("2016-05")] if day else "" for day in (first, last))
    told = trends(engine, asked, since, until)
    found = told.series[0].found if told.series else _within(told.whole, since, until)
    whole = told.whole
    return [
        *(
            _row(f"{month}-01", "month", found.months.get(month, 0), whole.months.get(month, 0))
            for month in told.months
        ),
        *(_row(f"{year}-01-01", "year", number, whole.years[year]) for year, number in found.years.items()),
        *([_row(None, None, found.undated, whole.undated)] if found.undated else []),
    ]


def _within(whole: Months, since: str, until: str) -> Months:
    """Return all articles of some months; a year is where its first day is, and what has no day is not within."""
    years = {year: number for year, number in whole.years.items() if since <= f"{year}-01" <= (until or f"{year}-01")}
    return Months(whole.months, years, 0 if since or until else whole.undated)


def _row(day: str | None, precision: str | None, articles: int, of_all: int) -> Sequence[Any]:
    month = date.fromisoformat(day) if day else None
    return month, precision, articles, of_all, 1000 * articles / of_all if of_all else None
