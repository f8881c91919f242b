"""What the server keeps of its answers, and what it must not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.serving import response_cache
from armcrawl.analysis.serving.response_cache import ResponseCache
from armcrawl.store.base.database import open_database, open_read_only

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECES = (b"one ", b"two")


class File:
    """A file in two pieces, whose first reader leaves after the first; it names whom it was asked for by."""

    def __init__(self, *, breaks_off: bool) -> None:
        self.asked, self.breaks_off = 0, breaks_off

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del receive
        self.asked += 1
        await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})
        await send({"type": "http.response.body", "body": PIECES[0], "more_body": True})
        if self.breaks_off and self.asked == 1:
            return
        await send({"type": "http.response.body", "body": PIECES[1], "more_body": False})


@pytest.fixture(autouse=True)
def _everything_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "SLOW_SECONDS", 0.0)


def received(app: ASGIApp, hosts: list[bytes]) -> list[list[Message]]:
    """Return what each of some readers receives, one after another."""
    return asyncio.run(_received(app, hosts))


async def _received(app: ASGIApp, hosts: list[bytes]) -> list[list[Message]]:
    found: list[list[Message]] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    for host in hosts:
        messages: list[Message] = []

        async def send(message: Message, messages: list[Message] = messages) -> None:
            messages.append(message)

        scope = {"type": "http", "method": "GET", "path": "/search", "query_string": b"", "headers": [(b"host", host)]}
        await app(scope, receive, send)
        found.append(messages)
    return found


def test_an_answer_whose_reader_left_is_not_sent_to_others(database: str) -> None:
    cache = ResponseCache(File(breaks_off=True), open_database(database), ())
    _, second, third = received(cache, [b"localhost"] * 3)
    assert [b"".join(one.get("body", b"") for one in messages) for messages in (second, third)] == [b"one two"] * 2


def test_a_database_that_is_away_is_what_the_page_tells_of(database: str) -> None:
    engine = open_database(database)
    engine.dispose()
    reader = open_read_only(database)
    reader.dispose()
    Path(str(engine.url.database)).unlink()
    file = File(breaks_off=False)
    _, again = received(ResponseCache(file, reader, ()), [b"localhost"] * 2)
    assert (again[0]["status"], file.asked) == (200, 2)


def test_an_answer_is_kept_for_the_host_that_it_names(database: str) -> None:
    file = File(breaks_off=False)
    answers = received(ResponseCache(file, open_database(database), ()), [b"6.6.6.6", b"localhost", b"localhost"])
    assert [messages[0]["headers"][0][1] for messages in answers] == [b"6.6.6.6", b"localhost", b"localhost"]
    assert file.asked == 2


def test_a_slow_reader_of_a_counted_page_keeps_nobody_waiting(database: str) -> None:
    cache = ResponseCache(File(breaks_off=False), open_database(database), ("/",))
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    got: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def take_nothing(message: Message) -> None:
        del message
        await asyncio.Event().wait()

    async def take(message: Message) -> None:
        got.append(message)

    async def both() -> None:
        slow = asyncio.create_task(cache(dict(scope), receive, take_nothing))
        await asyncio.sleep(0)
        await asyncio.wait_for(cache(dict(scope), receive, take), 30)
        slow.cancel()

    asyncio.run(both())
    assert b"".join(one.get("body", b"") for one in got) == b"one two"
