"""What the server refuses before any page is asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.serving.security import Guard

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


async def _never(scope: Scope, receive: Receive, send: Send) -> None:
    del receive, send
    raise AssertionError(scope)


@pytest.mark.parametrize(
    ("path", "query"), [("/entity/\0", b""), ("/search", b"q=%00"), ("/press", b"sql=SELECT+1%00")]
)
def test_an_address_with_a_sign_that_no_text_has_is_refused(path: str, query: bytes) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": [(b"host", b"localhost")]}
    asyncio.run(Guard(_never, ())(scope, receive, send))
    assert sent[0]["status"] == 400
