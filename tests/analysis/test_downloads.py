"""A file on its way to a reader who takes nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from armcrawl.analysis.serving import downloads
from armcrawl.analysis.serving.downloads import Download

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest
    from starlette.types import Message


def test_a_reader_who_takes_nothing_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "STALLED_SECONDS", 0.01)
    done = list[str]()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def stalled() -> None:
        await Download(pieces(), {}, lambda: done.append("ended"))({"type": "http"}, receive, send)

    asyncio.run(asyncio.wait_for(stalled(), 30))
    assert done == ["ended"]
