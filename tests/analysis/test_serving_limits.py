"""What the pages' server gives to one question, and to one reader."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from armcrawl.analysis.serving import sending
from armcrawl.analysis.serving.limits import Asking, BusyError, bound
from armcrawl.analysis.serving.sending import MAX_HELD, PIECE, Sending
from armcrawl.errors import UsageError
from armcrawl.store.base.database import open_read_only, reading

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from starlette.types import Message, Receive, Scope, Send

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
HTTP = {"type": "http", "method": "GET", "path": "/", "headers": []}


async def receive() -> Message:
    return {"type": "http.disconnect"}


async def long_answer(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * (3 * PIECE + 1)})


def sent(application: Sending) -> list[Any]:
    """Return what a reader gets who takes all at once."""
    messages = list[Any]()

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(application(dict(HTTP), receive, send))
    return messages


def test_a_long_answer_goes_piece_by_piece() -> None:
    _, *pieces = sent(Sending(long_answer))
    assert [len(piece["body"]) for piece in pieces] == [PIECE] * 3 + [1]
    assert [piece["more_body"] for piece in pieces] == [True] * 3 + [False]


def test_who_asks_while_too_much_waits_for_its_readers_is_told_to_come_again() -> None:
    application = Sending(long_answer)
    application.held = MAX_HELD + 1
    start, body = sent(application)
    assert (start["status"], "дочитано" in body["body"].decode()) == (503, True)


def test_a_reader_who_takes_nothing_is_left_and_its_answer_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0.01)
    application = Sending(long_answer)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(application(dict(HTTP), receive, send))
    assert application.held == 0


def endless(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(text(ENDLESS))


def test_a_question_of_a_page_has_no_more_than_its_time(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    bound(engine)
    asking = Asking(engine, 1, 0, seconds=0.5)
    with pytest.raises(UsageError, match="не уложился"):
        asyncio.run(asking.ask(endless))
    asking.close()
    engine.dispose()


def test_more_questions_than_may_wait_are_refused_and_the_next_is_answered(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    asking, may_go_on = Asking(engine, 1, 1, seconds=60), threading.Event()

    async def ask() -> None:
        waiting = [asyncio.create_task(asking.ask(lambda _: may_go_on.wait())) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await asking.ask(str)
        may_go_on.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await asking.ask(lambda given: given is engine)

    asyncio.run(ask())
    asking.close()
    engine.dispose()


def test_a_small_piece_of_a_file_that_nobody_takes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0.01)

    async def file(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.body", "body": b"a row", "more_body": True})

    async def never(*_: object) -> Any:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(Sending(file)(HTTP, never, never))
