"""A cache of responses that took long: a dashboard of a big database is counted once, not by every visitor."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from armcrawl.errors import DatabaseError
from armcrawl.store.base.data_version import DataVersion

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A page that takes longer than this is felt to be slow.
SLOW_SECONDS = 0.1
# During a crawl the database changes every second; figures of a minute ago are good enough.
FRESH_SECONDS = 60.0
# 16 answers of at most 1 MB are 16 MB.
MAX_KEPT, MAX_BYTES = 16, 1_000_000
Key = tuple[str, bytes, str]


@dataclass(slots=True)
class _Response:
    version: str
    made_at: float
    messages: list[Message] = field(default_factory=list)
    size: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it succeeded to its end: of a reader who leaves nobody hears, and a file ends in the middle."""
        if not self.messages:
            return False
        first, last = self.messages[0], self.messages[-1]
        return first["status"] == 200 and last["type"] == "http.response.body" and not last.get("more_body")


class ResponseCache:
    """Sends a response that took long again, until the database has changed.

    The figures of `counted` pages, as nobody narrowed them, may be a minute old.
    """

    def __init__(self, app: ASGIApp, engine: Engine, counted: Collection[str]) -> None:
        self.app = app
        self.data_version = DataVersion(engine)
        self.thread = ThreadPoolExecutor(1, "version")
        self.kept: OrderedDict[Key, _Response] = OrderedDict()
        self.making = {path: asyncio.Lock() for path in counted}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, from memory if that may be."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # Whoever asks for a page that is being counted waits for that one, and does not count it as well.
        counted = None if scope["query_string"] else self.making.get(scope["path"])
        async with counted or nullcontext():
            # A feed names the host that it was asked for by: nobody gets one with a name that another has thought up.
            host = "" if counted else Headers(scope=scope).get("host", "")
            key = (scope["path"], scope["query_string"], host)
            answer = self.kept.get(key)
            if answer is None or not await self._is_valid(answer, may_be_old=counted is not None):
                # It is sent when the next one may be asked for: its reader may take his time.
                answer = await self._make(key, scope, receive, None if counted else send)
                if counted is None:
                    return
        if key in self.kept:
            self.kept.move_to_end(key)
        for message in answer.messages:
            await send(dict(message))

    async def _is_valid(self, answer: _Response, *, may_be_old: bool) -> bool:
        is_fresh = may_be_old and time.monotonic() - answer.made_at < FRESH_SECONDS
        return is_fresh or (bool(answer.version) and answer.version == await self._version())

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send | None) -> _Response:
        """Have an answer made, and sent at once where there is whom to."""
        answer = _Response(await self._version(), time.monotonic())

        async def note(message: Message) -> None:
            answer.size += len(message.get("body", b""))
            # A long file is sent in pieces, and none of them is kept.
            if send is None or answer.size <= MAX_BYTES:
                answer.messages.append(dict(message))
            else:
                answer.messages.clear()
            if send is not None:
                await send(message)

        await self.app(scope, receive, note)
        took = time.monotonic() - answer.made_at
        self.kept.pop(key, None)
        if answer.is_whole and answer.version and took >= SLOW_SECONDS and answer.size <= MAX_BYTES:
            self.kept[key] = answer
            if len(self.kept) > MAX_KEPT:
                self.kept.popitem(last=False)
        return answer

    async def _version(self) -> str:
        """Return the mark of the database; none while it cannot be asked, of which the page itself will tell."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self.thread, self.data_version.now)
        except DatabaseError:
            return ""


async def warm(app: ASGIApp, paths: Collection[str]) -> None:
    """Have pages ready before anybody asks for them."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def drop(message: Message) -> None:
        del message

    for path in paths:
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
        await app(
            scope | {"headers": [(b"host", b"localhost")], "scheme": "http", "http_version": "1.1"}, receive, drop
        )
