"""A server of pre-rendered pages that is never the slower side: `python -m benchmarks.server NUMBER [faulty]`.

It shows the articles of the sample portal, in one markup after another, under `/news/1` to `/news/NUMBER`, and prints
when somebody asks for the newest of them. A faulty one answers every tenth article, the first time it is asked for,
with one of several faults in turn.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import date
from itertools import product

from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal

TODAY = date(2026, 11, 23)
FAULT_EVERY = 10


def answer(status: str, body: bytes, content_type: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Pages(asyncio.Protocol):
    """Answers one request after another on a kept connection."""

    def __init__(self, pages: list[bytes], number: int, faulted: set[int] | None = None) -> None:
        self.pages = pages
        self.number = number
        self.faulted = faulted
        self.home = answer("200 OK", f'<html><body><a href="/news/{number}">Новость</a></body></html>'.encode())
        self.missing = answer("404 Not Found", b"<html><h1>404</h1></html>")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        name = path.rpartition(b"/")[2]
        if path == b"/":
            self.send(self.home)
        elif path.startswith(b"/news/") and name.isdigit() and 0 < int(name) <= self.number:
            self.article(int(name))
        else:
            self.send(self.missing)

    def article(self, number: int) -> None:
        if number == self.number:
            print(time.monotonic(), flush=True)
        page = self.pages[number % len(self.pages)]
        if self.faulted is None or number % FAULT_EVERY or number in self.faulted:
            self.send(page)
            return
        self.faulted.add(number)
        assert isinstance(self.transport, asyncio.Transport)
        match number // FAULT_EVERY % 4:
            case 0:
                self.send(answer("500 Internal Server Error", b""))
            case 1:  # cut in the middle
                self.send(page[: len(page) // 2])
                self.transport.close()
            case 2:  # closed without an answer
                self.transport.abort()
            case _:  # refused, and not asked for again by this run
                self.send(answer("403 Forbidden", b"<html><h1>403</h1></html>"))

    def send(self, data: bytes) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.write(data)


async def serve(number: int, *, is_faulty: bool) -> None:
    articles = list(load_sample().articles.values())
    portals = [Portal(markup) for markup in MARKUPS]
    # Not an article in all markups by turns: to the checks of a run most pages would have the title of another.
    pages = [answer("200 OK", portal.render_article(article, TODAY)) for portal, article in product(portals, articles)]
    faulted: set[int] | None = set() if is_faulty else None
    server = await asyncio.get_running_loop().create_server(lambda: Pages(pages, number, faulted), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), is_faulty="faulty" in sys.argv))
