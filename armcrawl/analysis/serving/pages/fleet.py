"""`/fleet`: what a fleet is at. Who starts the server hands in how to ask for that (`application`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from armcrawl import clock
from armcrawl.analysis.serving.rendering import NotFound, asked, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def fleet(request: Request) -> Response:
    """Show sites, queue, workers and the last attempts; raises NotFound for a database without a fleet."""
    status_of = request.app.state.fleet
    if status_of is None:
        raise NotFound("У этой базы нет парка машин: его заводит armcrawl fleet init.")
    return page(request, "fleet.html", {"status": await asked(request, status_of), "now": clock.now()})


ROUTES = [Route("/fleet", fleet)]
