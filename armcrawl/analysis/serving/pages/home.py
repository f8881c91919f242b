"""`/`: what the database holds, in charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from armcrawl import clock
from armcrawl.analysis.serving.charts import shares, stacked
from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.discovery.kinds import completeness
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.base.sql import may_read
from armcrawl.store.queries.dashboard_figures import figures
from armcrawl.store.queries.runs import newest_runs

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response

RUNS = 10


async def home(request: Request) -> Response:
    """Show the dashboard."""
    return page(request, "home.html", await asked(request, dashboard))


def dashboard(engine: Engine) -> dict[str, Any]:
    """Return what the dashboard shows."""
    with reading_one_moment(engine) as connection:
        found = figures(connection)
        # A reader of PostgreSQL sees what is published, and not how it came.
        shows_all = may_read(connection, schema.runs)
    sections = sorted({section for counts in found.months.values() for section in counts})
    reprints = {
        str(year): {"reprints": 100 * found.reprints.get(year, 0) / number}
        for year, number in sorted(found.years.items())
    }
    return {
        "figures": found,
        "months": stacked(found.months, sections),
        "reprints": stacked(reprints, ["reprints"]),
        "reprint_share": 100 * sum(found.reprints.values()) / max(sum(found.years.values()), 1),
        "sources": shares(found.sources),
        "most_of_tag": max((max(rise.now, rise.before) for rise in found.tags), default=1),
        "sections": completeness(engine) if shows_all else None,
        "runs": newest_runs(engine, RUNS) if shows_all else None,
        "counted_at": clock.now(),
    }


ROUTES = [Route("/", home)]
