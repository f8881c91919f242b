"""The application: the pages of `pages/` over one database, read-only, with what holds for every answer."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from armcrawl.analysis.serving import pages
from armcrawl.analysis.serving.limits import (
    OWN_AT_A_TIME,
    OWN_WAITING,
    PAGE_SECONDS,
    PAGES_AT_A_TIME,
    PAGES_WAITING,
    Asking,
    BusyError,
    bound,
)
from armcrawl.analysis.serving.rendering import NotFound, page
from armcrawl.analysis.serving.response_cache import ResponseCache, warm
from armcrawl.analysis.serving.security import Guard
from armcrawl.analysis.serving.sending import Sending
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

log = logging.getLogger(__name__)
# What counts through the whole database is made ready while nobody waits for it.
COUNTED = ("/", "/trends")


def application(engine: Engine, names: Collection[str] = (), fleet: Callable[[Engine], Any] | None = None) -> Starlette:
    """Return the application of a database that is opened for reading; it answers to its address and to these names.

    `fleet` returns what a fleet is at (`armcrawl.fleet.status.FleetStatus`), where the database has one.
    """
    bound(engine)

    @asynccontextmanager
    async def lifespan(made: Starlette) -> AsyncIterator[None]:
        # Whoever asks in the meantime is answered as well.
        warming = asyncio.create_task(warm(made, COUNTED))
        yield
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming
        made.state.asking.close()
        made.state.own_asking.close()

    made = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(Guard, names=names),
            Middleware(Sending),
            Middleware(ResponseCache, engine=engine, counted=COUNTED),
        ],
        exception_handlers={HTTPException: _fault, ArmcrawlError: _fault},
        lifespan=lifespan,
    )
    made.state.fleet = fleet
    made.state.asking = Asking(engine, PAGES_AT_A_TIME, PAGES_WAITING, PAGE_SECONDS)
    made.state.downloads = set()
    made.state.own_asking = Asking(engine, OWN_AT_A_TIME, OWN_WAITING, PAGE_SECONDS)
    return made


def _routes() -> list[BaseRoute]:
    """Return the routes of all modules of `pages/`."""
    modules = [import_module(f"{pages.__name__}.{module.name}") for module in iter_modules(pages.__path__)]
    static = Mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    return [static, *(route for module in modules for route in module.ROUTES)]


async def _fault(request: Request, error: Exception) -> Response:
    """Say in one sentence what was wrong."""
    status, said = _told(error)
    if request.url.path.endswith(".json"):
        return JSONResponse({"error": said, "status": status}, status)
    if isinstance(error, BusyError):
        # To draw a page takes a place among those that ask, and there is none.
        return PlainTextResponse(said, status)
    return page(request, "error.html", {"error": said, "status": status}, status)


def _told(error: Exception) -> tuple[int, str]:
    """Return the status of an answer to what failed, and a sentence."""
    if isinstance(error, NotFound):
        return 404, str(error)
    if isinstance(error, UsageError):
        return 400, str(error)
    if isinstance(error, BusyError):
        return 503, str(error)
    if isinstance(error, HTTPException):
        return error.status_code, "Такой страницы здесь нет." if error.status_code == 404 else error.detail
    if "permission denied" in str(error):
        return 403, "Роли, которой открыта база, этого не показывают."
    log.error("the database could not be asked", exc_info=error)
    return 503, "База сейчас не отвечает; подробности в журнале сервера."
