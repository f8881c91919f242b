"""The way to a PostgreSQL server over a network that fails: a proxy before its socket."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from tests.waiting import STEP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 65_536


class Wire:
    """Carries bytes between clients and a server; while it `is_silent` none, and nobody is told so."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.is_over = threading.Event()
        self.sound = threading.Event()
        self.sound.set()
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def silence(self) -> None:
        """Carry nothing any more, as a cable that was pulled."""
        self.sound.clear()

    def cut(self) -> None:
        """End all connections, as both sides do when they have waited long enough, and carry again."""
        ends, self.ends = self.ends, []
        for one in ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.sound.set()

    def close(self) -> None:
        """Carry nothing for good."""
        self.is_over.set()
        self.listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                client.close()
                server.close()
                continue
            self.ends += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with source, suppress(OSError):
            while data := source.recv(CHUNK):
                while not self.sound.wait(STEP_SECONDS) and not self.is_over.is_set():
                    pass
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def wired(url: str) -> Iterator[tuple[Wire, str]]:
    """Yield a wire to a server that listens on a socket of this machine, and the URL by which it is reached."""
    parsed = make_url(url)
    folder: Any = parsed.query["host"]
    wire = Wire(str(Path(folder) / f".s.PGSQL.{parsed.port or 5432}"))
    through = parsed.set(host="127.0.0.1", port=wire.port).difference_update_query(["host"])
    try:
        yield wire, through.render_as_string(hide_password=False)
    finally:
        wire.close()
