"""A server of twelve articles that a fault may take over, byte for byte."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from armcrawl.sample.articles import Sample, load_sample
from armcrawl.sample.portal import Portal, PortalResponse
from armcrawl.sites import PageKey

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Take = Callable[["Exchange"], Awaitable[bool]]

HOST = "127.0.0.1"
ARTICLES = 12
TODAY = date(2026, 11, 23)
# Closing with this option sends a reset instead of a goodbye.
RESET = struct.pack("ii", 1, 0)


def small_sample() -> Sample:
    """Return twelve news articles of today, so that each is looked at again tomorrow, numbered from 1."""
    stock = [article for article in load_sample().articles.values() if article.key.section == "news"]
    articles = {}
    for number in range(1, ARTICLES + 1):
        key = PageKey("armtorg", "news", str(number))
        articles[key] = replace(stock[number], key=key, day=TODAY)
    return Sample(articles, frozenset(), frozenset())


@dataclass
class Exchange:
    """One request, what the healthy portal would answer, and the means to answer otherwise.

    `times` tells how often the path was asked for, this time included, `total` the same of all paths; `night`
    is 0 before the fault, 1 while it lasts, and 2 after it.
    """

    path: str
    headers: dict[str, str]
    usual: PortalResponse
    times: int
    total: int
    night: int
    portal: Portal
    writer: asyncio.StreamWriter
    port: int

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self,
        body: bytes | None = None,
        *,
        status: str = "200 OK",
        headers: str = "Content-Type: text/html; charset=utf-8\r\n",
        length: int | None = None,
    ) -> bool:
        """Send an answer with a Content-Length: the body's own, unless another is given."""
        body = self.usual.body if body is None else body
        head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body) if length is None else length}\r\n\r\n"
        await self.send(head.encode("latin-1") + body)
        return True

    async def reset(self) -> bool:
        """Break the connection off, the rude way."""
        await asyncio.sleep(0.05)  # what was sent before must arrive
        plain = self.writer.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()
        return False

    async def close(self) -> bool:
        """Say goodbye."""
        self.writer.close()
        return False

    def page(self, path: str) -> PortalResponse:
        """Return what the healthy portal answers for another path."""
        return self.portal.respond(path, TODAY)


class FaultyServer:
    """Answers as the portal does, unless a fault takes a request over.

    `take` returns None for a request that it leaves alone, and else whether the connection stays open.
    """

    def __init__(self, take: Callable[[Exchange], Awaitable[bool] | None]) -> None:
        self.take = take
        self.portal = Portal("bootstrap", small_sample())
        self.night = 0
        self.asked: Counter[str] = Counter()
        self.tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            while (exchange := await self._exchange(reader, writer)) is not None:
                taken = self.take(exchange)
                if not await (self._usual(exchange) if taken is None else taken):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        self.asked[path] += 1
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        usual = self.portal.respond(path, TODAY)
        total = self.asked.total()
        return Exchange(path, headers, usual, self.asked[path], total, self.night, self.portal, writer, self.port)

    async def _usual(self, exchange: Exchange) -> bool:
        usual = exchange.usual
        status = {200: "200 OK", 404: "404 Not Found"}[usual.status]
        return await exchange.answer(status=status, headers=f"Content-Type: {usual.content_type}\r\n")


@contextmanager
def serving_faults(server: FaultyServer) -> Iterator[str]:
    """Serve in a thread of its own, and yield the base URL."""
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()

    async def main() -> None:
        listening = await asyncio.start_server(server.serve, HOST, 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        listening.close()
        for task in list(server.tasks):
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
