"""A cache of responses that took long: a dashboard of a big database is counted once, not by every visitor."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import OrderedDict
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from armcrawl.store.base.database import reading_uri

if TYPE_CHECKING:
    from collections.abc import Collection, MutableMapping
    from pathlib import Path

    from armcrawl.analysis.serving.asgi import Application, Message, Receive, Send

# A page that takes longer than this is felt to be slow.
SLOW_SECONDS = 0.1
# During a crawl the database changes every second; figures of a minute ago are good enough.
FRESH_SECONDS = 60.0
# 64 answers of at most 1 MB are 64 MB.
MAX_KEPT, MAX_BYTES = 64, 1_000_000


@dataclass(slots=True)
class _Response:
    messages: list[Message] = field(default_factory=list)
    size: int = 0
    made_at: float = 0.0
    version: int = 0


class ResponseCache:
    """Sends a response that took long again, until the database has changed.

    The figures of `counted` pages, as nobody narrowed them, may be a minute old.
    """

    def __init__(self, application: Application, path: Path, counted: Collection[str]) -> None:
        self.application, self.counted = application, counted
        # A connection of its own: SQLite counts for each what others have committed.
        self.connection = sqlite3.connect(reading_uri(path), uri=True, check_same_thread=False)
        self.kept: OrderedDict[tuple[str, bytes], _Response] = OrderedDict()
        self.making = {path: asyncio.Lock() for path in counted}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, from memory if that may be."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.application(scope, receive, send)
            return
        # Whoever asks for a page that is being counted waits for that one, and does not count it as well.
        counted = None if scope["query_string"] else self.making.get(scope["path"])
        async with counted or nullcontext():
            key = (scope["path"], scope["query_string"])
            answer = self.kept.get(key)
            if answer is None or not self._is_valid(answer, may_be_old=counted is not None):
                await self._make(key, scope, receive, send)
                return
        self.kept.move_to_end(key)
        for message in answer.messages:
            await send(dict(message))

    async def warm(self) -> None:
        """Have the counted pages ready before anybody asks for them."""

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def drop(message: Message) -> None:
            del message

        for path in self.counted:
            scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
            await self(scope | {"headers": [], "scheme": "http", "http_version": "1.1"}, receive, drop)

    def _is_valid(self, answer: _Response, *, may_be_old: bool) -> bool:
        is_fresh = may_be_old and time.monotonic() - answer.made_at < FRESH_SECONDS
        return is_fresh or answer.version == self._version()

    async def _make(
        self, key: tuple[str, bytes], scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        answer = _Response(made_at=time.monotonic(), version=self._version())

        async def note(message: Message) -> None:
            answer.messages.append(dict(message))
            answer.size += len(message.get("body", b""))
            await send(message)

        await self.application(scope, receive, note)
        took = time.monotonic() - answer.made_at
        is_whole = bool(answer.messages) and answer.messages[0].get("status") == 200
        self.kept.pop(key, None)
        if is_whole and took >= SLOW_SECONDS and answer.size <= MAX_BYTES:
            self.kept[key] = answer
            if len(self.kept) > MAX_KEPT:
                self.kept.popitem(last=False)

    def _version(self) -> int:
        version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return version
