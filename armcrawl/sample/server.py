"""Serving the sample portals over HTTP on a free loopback port."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiohttp import web

from armcrawl.sample.portal import Portal
from armcrawl.sample.press.portal import PressPortal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import date
    from ssl import SSLContext

    from armcrawl.sample.articles import Sample
    from armcrawl.sample.press.chronicle import Chronicle

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"
# Starting a server on loopback takes milliseconds; this long only passes when something is wrong.
START_SECONDS = 10
# Nobody waits for an answer of a server that ends.
SHUTDOWN_SECONDS = 0.1


def moscow_now() -> datetime:
    """Return the portals' time."""
    return datetime.now(ZoneInfo("Europe/Moscow"))


def moscow_today() -> date:
    """Return the portal's day."""
    return moscow_now().date()


@contextmanager
def serving(
    markup: str,
    *,
    port: int = 0,
    today: Callable[[], date] = moscow_today,
    log: list[str] | None = None,
    sample: Sample | None = None,
) -> Iterator[str]:
    """Serve the portal in a thread and yield its base URL; `log` collects the requested targets."""
    portal = Portal(markup, sample)

    async def handle(request: web.Request) -> web.StreamResponse:
        if log is not None:
            log.append(request.path_qs)
        answer = portal.respond(request.raw_path, today())
        headers = {"Content-Type": answer.content_type}
        if answer.location:
            headers["Location"] = answer.location
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    with serving_handler(handle, port) as base_url:
        yield base_url


@contextmanager
def serving_press(
    markup: str,
    *,
    port: int = 0,
    now: Callable[[], datetime] = moscow_now,
    host: str | None = None,
    chronicle: Chronicle | None = None,
    log: list[str] | None = None,
    links_to_itself: bool = False,
    portal: PressPortal | None = None,
) -> Iterator[str]:
    """Serve the press portal in a thread, or one that behaves otherwise, and yield its base URL.

    It answers as the host that a request names, or as `host` if that is given: so the mirror has a port of its own.
    With `links_to_itself` absolute links lead to the server and not to the journal's own address.
    """
    portal = portal or PressPortal(markup, chronicle)

    async def handle(request: web.Request) -> web.StreamResponse:
        if log is not None:
            log.append(request.path_qs)
        answer = portal.respond(request.raw_path, now(), host or request.host)
        headers = {"Content-Type": answer.content_type}
        if answer.location:
            headers["Location"] = answer.location
        if answer.etag:
            headers["ETag"] = f'"{answer.etag}"'
            if headers["ETag"] in request.headers.get("If-None-Match", ""):
                return web.Response(status=304, headers=headers)
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    with serving_handler(handle, port) as base_url:
        if links_to_itself:
            portal.base = portal.mirror = base_url
        yield base_url


@contextmanager
def serving_handler(
    handle: Handler, port: int = 0, *, host: str = HOST, tls: SSLContext | None = None
) -> Iterator[str]:
    """Serve any handler in a thread of its own and yield its base URL; the server ends with the block.

    `tls` has the certificate of one that speaks https.
    """
    loop = asyncio.new_event_loop()
    started: asyncio.Future[str] = loop.create_future()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port, ssl_context=tls)
            await site.start()
            named = f"[{host}]" if ":" in host else host
            started.set_result(f"http{'s' if tls else ''}://{named}:{runner.addresses[0][1]}")
            ready.set()
            await stop.wait()
        except OSError as error:
            started.set_exception(error)
            ready.set()
        finally:
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="sample-portal", daemon=True)
    thread.start()
    ready.wait(START_SECONDS)
    try:
        yield started.result()
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)
        loop.close()
