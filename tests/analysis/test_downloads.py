"""A file on its way to a reader who takes nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.cells import MAX_ROWS
from armcrawl.analysis.serving import downloads
from armcrawl.analysis.serving.answers import check_fits_excel
from armcrawl.analysis.serving.downloads import Download
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

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


def test_more_rows_than_a_sheet_holds_are_refused_before_any_is_sent() -> None:
    check_fits_excel(MAX_ROWS - 1)  # and the head
    with pytest.raises(UsageError, match="На лист Excel входит 1048575 строк"):
        check_fits_excel(MAX_ROWS)
