"""The server: Datasette over one file, with our pages in front, on one port."""

from __future__ import annotations

import asyncio
import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from armcrawl.analysis.serving.datasette_plugin import Pages
from armcrawl.analysis.serving.limits import THREADS, OwnSqlLimit
from armcrawl.analysis.serving.metadata import DATABASE, metadata
from armcrawl.analysis.serving.response_cache import ResponseCache
from armcrawl.analysis.serving.security import guarded
from armcrawl.errors import ArmcrawlError
from armcrawl.store.base.database import is_at_rest
from armcrawl.store.base.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Engine

HERE = Path(__file__).parent
SETTINGS = {
    # To count through all tags of 200,000 articles takes 3 s of a core, and a busy machine may have a tenth of one.
    "sql_time_limit_ms": 30_000,
    # Facets of a table are a help, and must not make its page slow.
    "facet_time_limit_ms": 100,
    "suggest_facets": False,
    "num_sql_threads": THREADS,
    # Whole views are what `armcrawl export` is for.
    "allow_csv_stream": False,
    "allow_download": False,
}
# What counts through a whole table is made ready while nobody waits for it.
COUNTED = ("/", f"/{DATABASE}", *(f"/{DATABASE}/{view.name}" for view in VIEWS), f"/{DATABASE}/completeness_by_month")
# Nobody waits for an answer of a server that ends.
SHUTDOWN_SECONDS = 1


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises ArmcrawlError where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is in use: name another with --port, or 0 for any free one."
        else:
            message = f"{host}:{port} cannot be listened on ({error.strerror}): name others with --host and --port."
        raise ArmcrawlError(message) from error
    return listener


def serve(
    engine: Engine, path: Path, listener: socket.socket, names: Collection[str], ready: Callable[[], None]
) -> None:
    """Show a database until the process is told to end, to whoever asks for its address or for one of its names.

    `ready` is called when pages can be asked for.
    """
    cache = ResponseCache(OwnSqlLimit(_application(engine, path)), path, COUNTED)
    application = guarded(cache, names)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        await receive()
        # Whoever asks in the meantime is answered as well.
        warming = asyncio.create_task(cache.warm())
        await send({"type": "lifespan.startup.complete"})
        ready()
        await receive()
        warming.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    config = uvicorn.Config(
        answer, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=SHUTDOWN_SECONDS
    )
    uvicorn.Server(config).run(sockets=[listener])


def _application(engine: Engine, path: Path) -> Any:
    # It prints every missing page with all that is in memory; ours says it in a sentence.
    pm.unregister(name="datasette.handle_exception")
    pm.register(Pages(engine))
    datasette = Datasette(
        [],
        metadata=metadata(),
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[("static", str(HERE / "static"))],
    )
    datasette.remove_database("_memory")
    datasette.add_database(Database(datasette, str(path), is_mutable=not is_at_rest(path)), name=DATABASE)
    return datasette.app()
