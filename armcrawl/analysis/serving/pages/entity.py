"""`/entity/KEY`: what the articles tell of an entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse
from starlette.routing import Route

from armcrawl.analysis.portraits import UnknownNameError, portrait
from armcrawl.analysis.serving.charts import lines
from armcrawl.analysis.serving.paths import entity_path
from armcrawl.analysis.serving.rendering import NotFound, asked, page
from armcrawl.analysis.trends import Asked, Series, SeriesKind
from armcrawl.store.queries.counted_articles import every_month
from armcrawl.store.queries.entity_mentions import MAX_COMPARED, MIN_TOGETHER

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response


async def entity(request: Request) -> Response:
    """Show an entity; who calls it by a name or a printed form is led to the address by its key."""
    named = request.path_params["named"]
    context = await asked(request, shown, named)
    key = context["portrait"].entity.key
    return page(request, "entity.html", context) if key == named else RedirectResponse(entity_path(key))


def shown(engine: Engine, named: str) -> dict[str, Any]:
    """Return what the page of an entity shows; raises NotFound for none, and UsageError for several."""
    try:
        found = portrait(engine, named)
    except UnknownNameError as error:
        raise NotFound(str(error)) from error
    counts = found.months.months
    months = every_month(min(counts), max(counts)) if counts else []
    return {
        "portrait": found,
        "series": Series(Asked(SeriesKind.ENTITY, found.entity.key), found.entity.name, found.months, found.entity),
        "chart": lines(months, [[counts.get(month, 0) for month in months]]),
        "least": MIN_TOGETHER,
        "compared": MAX_COMPARED,
    }


ROUTES = [Route("/entity/{named:path}", entity)]
