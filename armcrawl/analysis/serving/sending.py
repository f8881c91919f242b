"""How answers are sent: long ones piece by piece, as fast as their readers take them, and not too much at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Bytes that are handed over at once: the next ones wait until these are taken.
PIECE = 64 << 10
# Bytes of answers that wait for their readers; beyond, who asks is told to come again.
MAX_HELD = 64 << 20
# Seconds in which a reader must take a piece: a slow line takes 64 KB within a few.
PATIENCE_SECONDS = 30.0
BUSY = PlainTextResponse("Слишком много ответов ещё не дочитано: спросите ещё раз через минуту.", 503)


class Sending:
    """Holds no more than so many bytes for readers who take their time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a reader who takes nothing for long is left."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_in_pieces(message: Message) -> None:
            body: bytes = message.get("body", b"")
            if len(body) <= PIECE:
                # Also a piece of a file, which keeps a place and a transaction as long as it is sent.
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await send(message)
                return
            self.held += len(body)
            try:
                for start in range(0, len(body), PIECE):
                    has_more = start + PIECE < len(body) or message.get("more_body", False)
                    piece = {"type": message["type"], "body": body[start : start + PIECE], "more_body": has_more}
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await send(piece)
            finally:
                self.held -= len(body)

        await (BUSY if self.held > MAX_HELD else self.app)(scope, receive, send_in_pieces)
