"""`/trends`: words, names and sources by month beside each other, as a page, CSV and JSON."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from starlette.responses import JSONResponse
from starlette.routing import Route

from armcrawl import clock
from armcrawl.analysis.serving.answers import TABLES, as_file
from armcrawl.analysis.serving.charts import lines
from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.analysis.serving.response_cache import FRESH_SECONDS
from armcrawl.analysis.serving.trends_request import MAX_SERIES, TrendsRequest, read_trends
from armcrawl.analysis.trends import Step, Trends, fitting_step, trends
from armcrawl.errors import UsageError
from armcrawl.store.base.database import reading
from armcrawl.store.queries.counted_articles import months_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

    from armcrawl.store.queries.counted_articles import Months

_kept: WeakKeyDictionary[Engine, tuple[float, Months]] = WeakKeyDictionary()
COLUMNS = ("kind", "series", "articles", "all_articles", "per_thousand")


async def shown(request: Request) -> Response:
    """Show trends, or the form that asks for them."""
    try:
        wanted = read_trends(request.query_params, clock.now())
        context = await asked(request, counted, wanted)
    except UsageError as error:
        context = {"fault": str(error), "typed": request.query_params.getlist}
    # What stands in the fields of the page is no search of the box above it.
    return page(request, "trends.html", context | {"words": ""}, status=400 if "fault" in context else 200)


def counted(engine: Engine, wanted: TrendsRequest) -> dict[str, Any]:
    """Return what the page shows; raises UsageError for words that make no search, and for unknown names."""
    if not wanted.asked:
        return {"wanted": wanted, "whole": _all_articles(engine)}
    step = wanted.step or fitting_step(_all_articles(engine), wanted.first, wanted.last)
    found = _trends(engine, wanted.with_step(step))
    months = found.months
    absolute = [[one.found.months.get(month, 0) for month in months] for one in found.series]
    relative = [[found.per_thousand(one, month) for month in months] for one in found.series]
    return {
        "wanted": wanted,
        "step": step,
        "found": found,
        "absolute": lines(months, absolute),
        "relative": lines(months, relative),
        "most": MAX_SERIES,
    }


async def as_json(request: Request) -> Response:
    """Answer with the table as JSON."""
    wanted = read_trends(request.query_params, clock.now())
    found = await asked(request, _trends, wanted)
    rows = [dict(zip(_columns(wanted), row, strict=True)) for row in _rows(found)]
    aside = [
        {"kind": one.asked.kind, "series": one.name, "years": one.found.years, "undated": one.found.undated}
        for one in found.series
    ]
    return JSONResponse({"rows": rows, "in_no_month": aside})


async def as_table(request: Request) -> Response:
    """Answer with the table for a spreadsheet."""
    wanted = read_trends(request.query_params, clock.now())
    found = await asked(request, _trends, wanted)
    return as_file(request.url.path.rpartition(".")[2], "trends", _columns(wanted), list(_rows(found)))


def _columns(wanted: TrendsRequest) -> tuple[str, ...]:
    """Return the columns of a file, which is by month if nothing else is said: what it has is no matter of the data."""
    return (wanted.step or Step.MONTH, *COLUMNS)


def _trends(engine: Engine, wanted: TrendsRequest) -> Trends:
    if wanted.step is Step.YEAR:
        wanted = wanted.in_whole_years()
    found = trends(engine, wanted.asked, wanted.first, wanted.last, _all_articles(engine))
    return found.by_year() if wanted.step is Step.YEAR else found


def _all_articles(engine: Engine) -> Months:
    """Return how many articles each month has: every trend is seen beside it, and it takes longest to count."""
    made_at, months = _kept.get(engine, (0.0, None))
    if months is None or time.monotonic() - made_at >= FRESH_SECONDS:
        with reading(engine) as connection:
            months = months_of(connection)
        _kept[engine] = time.monotonic(), months
    return months


def _rows(found: Trends) -> Iterator[tuple[str, str, str, int, int, float | None]]:
    """Yield a row for each month of each series, empty ones as well; no share where the archive has no article."""
    for one in found.series:
        for month in found.months:
            number, whole = one.found.months.get(month, 0), found.whole.months.get(month, 0)
            yield month, one.asked.kind.value, one.name, number, whole, found.per_thousand(one, month)


ROUTES = [
    Route("/trends", shown),
    Route("/trends.json", as_json),
    *(Route(f"/trends.{form}", as_table) for form in TABLES),
]
