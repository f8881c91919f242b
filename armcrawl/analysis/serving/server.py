"""The server: one process that listens on one port, until it is told to end."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

import uvicorn

from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

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


class _Server(uvicorn.Server):
    """A server that tells when pages can be asked for."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self.ready()


def serve(application: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until the process is told to end; `ready` is called when pages can be asked for."""
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    _Server(config, ready).run(sockets=[listener])
