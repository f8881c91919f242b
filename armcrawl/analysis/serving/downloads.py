"""All that a search finds as a file or a feed, sent in pieces while it is read: none is ever whole in memory."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from io import RawIOBase
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, cast

from starlette.responses import Response, StreamingResponse

from armcrawl import clock
from armcrawl.analysis.export_formats import writer_for
from armcrawl.analysis.forms import Form
from armcrawl.analysis.serving.atom import Feed
from armcrawl.analysis.serving.limits import BusyError
from armcrawl.analysis.text_formats import JsonLines
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.found_rows import COLUMNS, last_written, rows_found
from armcrawl.store.queries.full_text_search import Finder, Order

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.types import Message, Receive, Scope, Send

    from armcrawl.analysis.serving.limits import Asking
    from armcrawl.analysis.serving.search_request import SearchRequest

# Each holds a connection, and what the database looked like when it began.
AT_A_TIME = 4
# A piece is some hundred kilobytes: whoever has taken nothing for so long takes no more, and others may have his place.
STALLED_SECONDS = 60.0
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "atom": "application/atom+xml",
}


async def download(request: Request, wanted: SearchRequest) -> Response:
    """Answer with all that is found, in the format that is asked for.

    Raises BusyError where too many are being sent.
    """
    headers = {"content-type": TYPES[wanted.format]}
    if wanted.format != "atom":
        headers["content-disposition"] = f'attachment; filename="armcrawl-search.{wanted.format}"'
    if request.method == "HEAD":
        return Response(headers=headers)
    state = request.app.state
    running: set[_Pieces] = state.downloads
    if len(running) >= AT_A_TIME:
        raise BusyError("Сейчас отправляем другие файлы: спросите ещё раз через минуту.")
    asking: Asking = state.asking
    pieces = _Pieces(written(asking.engine, wanted, str(request.base_url).rstrip("/")))
    running.add(pieces)
    try:
        first = await asking.run(pieces.next)
    except BaseException:
        running.discard(pieces)
        raise

    def end() -> None:
        running.discard(pieces)
        # Not awaited: this task may be cancelled, as its reader has gone.
        asyncio.get_running_loop().run_in_executor(None, pieces.close)

    return Download(_sent(asking, pieces, first), headers=headers, end=end)


class Download(StreamingResponse):
    """A file that is sent piece by piece, as long as its reader takes them; whoever goes makes room for another."""

    def __init__(
        self, pieces: AsyncIterator[bytes], headers: dict[str, str] | None = None, end: Callable[[], None] | None = None
    ) -> None:
        super().__init__(pieces, headers=headers)
        self.end = end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; the server breaks off what is not sent to its end."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(STALLED_SECONDS):
                await send(message)

        try:
            with suppress(TimeoutError):
                await super().__call__(scope, receive, send_in_time)
        finally:
            # Here, as a reader may go before the first piece is asked for.
            if self.end is not None:
                self.end()


async def _sent(asking: Asking, pieces: _Pieces, first: bytes | None) -> AsyncIterator[bytes]:
    """Yield the pieces, each from one of the threads that ask; whoever waits for an answer comes between."""
    piece = first
    while piece is not None:
        yield piece
        piece = await asking.run(pieces.next)


class _Pieces:
    """The pieces of a file, which one thread at a time makes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.lock = Lock()

    def next(self) -> bytes | None:
        """Return the next piece; None at the end."""
        with self.lock:
            return next(self.pieces, None)

    def close(self) -> None:
        """Make no more, and give the connection back."""
        with self.lock:
            cast("Any", self.pieces).close()


class _Sink(RawIOBase):
    """What writers write to: it keeps what has not been sent yet."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.sent = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.waiting += piece
        return len(piece)

    def tell(self) -> int:
        return self.sent + len(self.waiting)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = bytes(self.waiting)
        self.sent += len(taken)
        self.waiting.clear()
        return taken


class _Json(JsonLines):
    """An array of such objects."""

    before = b"[\n"

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            self.file.write(self.before + self.line(row))
            self.before = b",\n"

    def close(self) -> None:
        self.file.write(b"\n]\n" if self.before == b",\n" else b"[]\n")


def written(engine: Engine, wanted: SearchRequest, site: str) -> Iterator[bytes]:
    """Yield a file as it is written; all its rows are of one moment."""
    sink = _Sink()
    file = cast("IO[bytes]", sink)
    with reading_one_moment(engine) as connection:
        finder = Finder(connection, wanted.query, wanted.choice)
        if wanted.format == "atom":
            last = last_written(connection, wanted.query, wanted.choice) or clock.now()
            writer: Any = Feed(file, wanted, site, last)
        elif wanted.format == "json":
            writer = _Json(file, COLUMNS)
        else:
            writer = writer_for(Form(wanted.format), file, {"v_articles": COLUMNS})
        order = Order.NEWEST if (wanted.format, wanted.order) == ("atom", Order.BEST) else wanted.order
        for rows in rows_found(finder, order):
            writer.write(rows if wanted.format == "atom" else [row[: len(COLUMNS)] for row in rows])
            if piece := sink.take():
                yield piece
        writer.close()
        yield sink.take()
