"""The application as a server calls it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.serving.application import application
from armcrawl.store.base.database import open_database

if TYPE_CHECKING:
    from starlette.types import Message


@pytest.mark.parametrize("path", ["/search", "/press/v_articles.json"])
def test_who_comes_when_too_many_wait_is_told_so(database: str, path: str) -> None:
    made = application(open_database(database))
    made.state.asking.asked = made.state.asking.most
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    asked = made(
        {**scope, "headers": [(b"host", b"localhost")], "scheme": "http", "http_version": "1.1"}, receive, send
    )
    asyncio.run(asked)
    assert sent[0]["status"] == 503
    assert "через несколько секунд" in sent[1]["body"].decode()
