"""What a server that is busy answers, and who makes room for others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from armcrawl.analysis.serving.application import application
from armcrawl.analysis.serving.downloads import AT_A_TIME
from armcrawl.store.base.database import open_read_only

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette

FILE = "format=csv"


def test_a_reader_that_goes_before_the_first_piece_leaves_its_place_to_others(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    made = application(engine)

    async def asked() -> list[int]:
        return [await _status(made, FILE, is_there=False) for _ in range(AT_A_TIME)] + [
            await _status(made, FILE, is_there=True)
        ]

    try:
        assert asyncio.run(asked())[-1] == 200
    finally:
        made.state.asking.close()
        engine.dispose()


def test_whoever_is_one_too_many_is_told_to_come_again(press_file: Path) -> None:
    engine = open_read_only(f"sqlite:///{press_file}")
    made = application(engine)
    made.state.asking.asked = made.state.asking.most
    try:
        assert asyncio.run(_status(made, is_there=True)) == 503
    finally:
        made.state.asking.close()
        engine.dispose()


async def _status(made: Starlette, query: str = "", *, is_there: bool) -> int:
    """Ask for something, as a server does that follows ASGI 2.3; return the status, 0 for none."""
    found = [0]

    async def receive() -> dict[str, Any]:
        if is_there:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if not is_there:  # the network still holds an answer before this one
            await asyncio.Event().wait()
        found.append(message.get("status", found[-1]))

    await made(
        {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", 80),
            "method": "GET",
            "path": "/search",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
        },
        receive,
        send,
    )
    return found[-1]
