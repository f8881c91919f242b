"""Files and feeds, such as of all that a search finds, sent while they are read: none is ever whole in memory."""

from __future__ import annotations

import asyncio
from io import RawIOBase
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, cast

from starlette.responses import Response, StreamingResponse

from armcrawl import clock
from armcrawl.analysis.export_formats import writer_for
from armcrawl.analysis.forms import Form
from armcrawl.analysis.serving.answers import CSV_TYPE, TABLES, attached, check_fits_excel
from armcrawl.analysis.serving.atom import MAX_ENTRIES, Feed
from armcrawl.analysis.serving.limits import BusyError
from armcrawl.analysis.text_formats import JsonLines
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.found_rows import COLUMNS, count_found, last_written, rows_found
from armcrawl.store.queries.full_text_search import Finder, Order

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from sqlalchemy import Engine
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from armcrawl.analysis.serving.limits import Asking
    from armcrawl.analysis.serving.search_request import SearchRequest

# Each holds a connection, and what the database looked like when it began.
AT_A_TIME = 4
TYPES = {
    "csv": CSV_TYPE,
    "excel": CSV_TYPE,
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "atom": "application/atom+xml",
}


async def download(request: Request, wanted: SearchRequest) -> Response:
    """Answer with all that is found, in the format that is asked for; raises BusyError where too many are sent."""
    site = str(request.base_url).rstrip("/")
    return await send_file(request, "search", wanted.format, lambda engine: written(engine, wanted, site))


async def send_file(request: Request, name: str, form: str, make: Callable[[Engine], Iterator[bytes]]) -> Response:
    """Answer with the pieces that `make(engine)` yields, in one of TYPES.

    Raises BusyError where too many are being sent, and what there is to say before the first piece.
    """
    headers = {"content-type": TYPES[form]} | ({} if form == "atom" else attached(name, form))
    if request.method == "HEAD":
        return Response(headers=headers)
    state = request.app.state
    running: set[_Pieces] = state.downloads
    if len(running) >= AT_A_TIME:
        raise BusyError("Сейчас отправляем другие файлы: спросите ещё раз через минуту.")
    asking: Asking = state.asking
    pieces = _Pieces(make(asking.engine))
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

    return Download(_sent(asking, pieces, first), headers, end)


class Download(StreamingResponse):
    """A file that is sent piece by piece; calls `end` when it is sent, or its reader has gone."""

    def __init__(self, pieces: AsyncIterator[bytes], headers: dict[str, str], end: Callable[[], None]) -> None:
        super().__init__(pieces, headers=headers)
        self.end = end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
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


class Sink(RawIOBase):
    """What writers write to: it keeps what has not been sent yet."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.sent = 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece."""
        self.waiting += piece
        return len(piece)

    def tell(self) -> int:
        """Return how many bytes were written in all."""
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
    sink = Sink()
    file = cast("IO[bytes]", sink)
    with reading_one_moment(engine) as connection:
        finder = Finder(connection, wanted.query, wanted.choice)
        if wanted.format == "atom":
            last = last_written(connection, wanted.query, wanted.choice) or clock.now()
            writer: Any = Feed(file, wanted, site, last)
        elif wanted.format == "json":
            writer = _Json(file, COLUMNS)
        else:
            if wanted.format == "excel":
                check_fits_excel(count_found(connection, wanted.query, wanted.choice))
            form = TABLES.get(wanted.format) or Form(wanted.format)
            writer = writer_for(form, file, {"v_articles": COLUMNS})
        is_feed = wanted.format == "atom"
        found = rows_found(finder, Order.NEWEST, MAX_ENTRIES) if is_feed else rows_found(finder, wanted.order)
        for rows in found:
            writer.write(rows if is_feed else [row[: len(COLUMNS)] for row in rows])
            if piece := sink.take():
                yield piece
        writer.close()
        yield sink.take()
