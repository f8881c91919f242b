"""Reading archives: one record by its place, or all of a file; whatever is wrong with it is told, not raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from armcrawl.archive.bodies import Bodies
from armcrawl.archive.digests import is_wrong
from armcrawl.archive.frames import Fault, frames_of
from armcrawl.archive.http_block import HttpBlock, read_block
from armcrawl.archive.moments import FIRST_PAGE, moment_of
from armcrawl.archive.records import ADDRESS
from armcrawl.errors import ArchiveError
from armcrawl.items import Pickled
from armcrawl.reading.decoding import MAX_BODY, UndecodableError, unpack
from armcrawl.reading.response import SiteResponse, header_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from armcrawl.archive.frames import Frame
    from armcrawl.archive.storage import Storage
    from armcrawl.items import Record

REVISIT = "revisit"
# https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/#revisit
IDENTICAL = "identical-payload-digest"
# Of what else WARC files hold nothing is a page.
RESPONSES = ("response", REVISIT)
WEB = ("http://", "https://")
# What a record is counted as that is no response which could be read: this, or the type that it has.
UNREADABLE, CUT, LARGE, TIMELESS = "unreadable", "cut", "too large", "impossible time"
# Bytes that are read at once for one record: most pages pack to less.
ONE_RECORD = 1 << 14
# The names of others' types of records may be anything.
MAX_KIND = 20


@dataclass(frozen=True, slots=True)
class Original(Pickled):
    """What a revisit tells of the record that holds its bytes, as far as it does; programs differ in that.

    `is_identical` says that the digest is of what came in, which a server that says «not modified» does not send.
    """

    record_id: str | None = None
    url: str | None = None
    moment: datetime | None = None
    digest: str | None = None
    is_identical: bool = False

    def is_other(self, captured: Captured) -> bool:
        """Tell whether a record holds other bytes than those of which the revisit has the digest."""
        if not self.is_identical or self.digest == captured.payload_digest:
            return False
        return is_wrong(self.digest, (lambda: captured.body, lambda: _plain(captured.body, captured.content_encoding)))


@dataclass(frozen=True, slots=True)
class Captured(Pickled):
    """A record of a response. A revisit has no body: `original` says of what record it is a revisit.

    `body` is as the server sent it, its chunks put together, packed as `content_encoding` says. `payload_digest` is of
    these bytes, as the format has it (WARC 1.1, 5.9): the same page that is packed otherwise is another payload.
    `asked_for` is the site's own address, where the record tells; `block` is the response as it stands in the record,
    where a whole file is read.
    """

    url: str
    fetched_at: datetime
    offset: int
    status: int
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    payload_digest: str | None
    content_encoding: str | None = None
    location: str | None = None
    asked_for: str | None = None
    record_id: str | None = None
    original: Original | None = None
    profile: str | None = None
    block: bytes = b""

    @property
    def refers_to(self) -> datetime | None:
        """When the page was captured before that a revisit is of, if it tells."""
        return self.original.moment if self.original is not None else None

    def response(self, address: str, record: Record | None = None) -> SiteResponse:
        """Return the response under the site's own address."""
        return SiteResponse(
            address=address,
            status=self.status,
            fetched_at=self.fetched_at,
            body=self.body,
            content_type=self.content_type,
            content_encoding=self.content_encoding,
            etag=self.etag,
            last_modified=self.last_modified,
            location=self.location,
            record=record,
            requested=self.asked_for,
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record, or a part of a file, that is no response which could be read: what it is counted as, and why."""

    offset: int
    kind: str
    reason: str


def read_at(storage: Storage, name: str, offset: int) -> Captured:
    """Return the record at a place of an archive; raises ArchiveError if there is none."""
    try:
        with storage.open(name, is_for_page=True) as file:
            return captured_at(file, offset)
    except FileNotFoundError as error:
        raise ArchiveError(f"{error}.") from error


def captured_at(file: BinaryIO, offset: int) -> Captured:
    """Return the record at a place of an open file; raises ArchiveError if there is none."""
    try:
        file.seek(offset)
        first = next(frames_of(file, offset, ONE_RECORD), None)
    except OSError as error:
        raise ArchiveError(f"{file.name} cannot be read: {error.strerror}.") from error
    if first is None or isinstance(first, Fault):
        raise ArchiveError(f"There is no record at {offset} of {file.name} ({first.reason if first else 'its end'}).")
    found = captured_in(first)
    if isinstance(found, LeftOut):
        raise ArchiveError(f"The record at {offset} of {file.name} cannot be read: {found.reason}.")
    return found


def with_body(original: Captured, revisit: Captured) -> Captured:
    """Return the original of a revisit as it was captured then; raises ArchiveError for one that has no body itself."""
    if original.original is not None:
        raise ArchiveError(f"the record at {original.offset} that it refers to is a revisit itself")
    return replace(original, fetched_at=revisit.fetched_at)


def records_of(file: BinaryIO) -> Iterator[Captured | LeftOut]:
    """Yield every response of a file, and what is left out of it. Raises OSError where the disk does."""
    bodies = Bodies()
    for frame in frames_of(file):
        if isinstance(frame, Fault):
            yield LeftOut(frame.offset, CUT if frame.is_cut else UNREADABLE, frame.reason)
            continue
        yield captured_in(frame, bodies)


def captured_in(frame: Frame, bodies: Bodies | None = None) -> Captured | LeftOut:
    """Return the response of a record; `bodies` are those before it, where a whole file is read."""
    headers, block = frame.headers, frame.block
    moment = moment_of(headers.get("warc-date"))
    reason = _no_response(frame, moment)
    if reason is not None or block is None or moment is None:
        return reason or LeftOut(frame.offset, LARGE, f"larger than {MAX_BODY >> 20} MB")
    original = _original(headers) if frame.kind == REVISIT else None
    # The standard lets a revisit repeat nothing of the head.
    http = read_block(block) if block or original is None else HttpBlock(0, (), b"", b"", None)
    if http is None:
        return LeftOut(frame.offset, UNREADABLE, "no answer of a web server")
    if len(http.raw) > MAX_BODY:
        return LeftOut(frame.offset, LARGE, f"larger than {MAX_BODY >> 20} MB")
    lack = (_lack(headers) or http.cut) if original is None else None
    if lack is not None:
        return LeftOut(frame.offset, CUT, lack)
    fields = header_fields(http.headers)
    if bodies is not None and not bodies.bears(http.body, fields["content_encoding"], frame.behind):
        return LeftOut(frame.offset, LARGE, "with those before it, it unpacks to more than any file of pages")
    if bodies is not None and is_damaged(frame):
        return LeftOut(frame.offset, UNREADABLE, "the digest is wrong: the record was damaged")
    return Captured(
        url=_address(frame),
        fetched_at=moment,
        offset=frame.offset,
        status=http.status,
        body=http.body if original is None else b"",
        payload_digest=headers.get("warc-payload-digest"),
        asked_for=headers.get(ADDRESS.lower()),
        record_id=headers.get("warc-record-id"),
        original=original,
        profile=headers.get("warc-profile"),
        block=block if bodies is not None else b"",
        **fields,
    )


def _no_response(frame: Frame, moment: datetime | None) -> LeftOut | None:
    """Return why a record is no response of a web server that can be told the time of, by its head; None if it is."""
    kind = frame.kind[:MAX_KIND]
    if kind not in RESPONSES:
        return LeftOut(frame.offset, kind or UNREADABLE, f"a record of type {kind}")
    address = _address(frame)
    if not address.lower().startswith(WEB):
        return LeftOut(frame.offset, address.partition(":")[0][:MAX_KIND] or UNREADABLE, "an answer of no web server")
    if moment is None:
        return LeftOut(frame.offset, UNREADABLE, f"a {kind} without a date")
    if moment < FIRST_PAGE:
        return LeftOut(frame.offset, TIMELESS, f"captured on {moment:%Y-%m-%d}, before the web")
    if frame.is_cut:
        return LeftOut(frame.offset, CUT, f"the file ends in the middle of a record of {frame.length} bytes")
    return None


def _address(frame: Frame) -> str:
    return frame.headers.get("warc-target-uri", "").strip("<>")


def _original(headers: dict[str, str]) -> Original:
    return Original(
        headers.get("warc-refers-to"),
        headers.get("warc-refers-to-target-uri", "").strip("<>") or None,
        moment_of(headers.get("warc-refers-to-date")),
        headers.get("warc-payload-digest"),
        headers.get("warc-profile", "").strip().endswith(IDENTICAL),
    )


def _lack(headers: dict[str, str]) -> str | None:
    """Return what the record itself says is missing of its response."""
    if truncated := headers.get("warc-truncated"):
        return f"cut when it was written: {truncated[:MAX_KIND]}"
    return "one part of several" if "warc-segment-number" in headers else None


def is_damaged(frame: Frame) -> bool:
    """Tell whether one of a record's digests is of other bytes than it holds; inside it, only of a page."""
    block, headers = frame.block, frame.headers
    if block is None:
        return False
    http = read_block(block) if frame.kind in RESPONSES else None
    if http is None:
        return is_wrong(headers.get("warc-block-digest"), (lambda: block,))
    encoding = header_fields(http.headers)["content_encoding"]

    # Common Crawl put a line too many between head and body in 2018, which its digests know nothing of:
    # https://commoncrawl.org/blog/august-2018-crawl-archive-now-available
    payloads = (
        lambda: http.body,
        lambda: http.raw,
        lambda: _plain(http.body, encoding),
        lambda: http.raw.removeprefix(b"\r\n"),
    )
    blocks = (
        lambda: block,
        lambda: block[: frame.length],
        lambda: block.removesuffix(http.raw) + http.raw.removeprefix(b"\r\n"),
    )
    # A revisit's payload is another record's.
    is_payload_wrong = frame.kind != REVISIT and is_wrong(headers.get("warc-payload-digest"), payloads)
    return is_payload_wrong or is_wrong(headers.get("warc-block-digest"), blocks)


def _plain(body: bytes, encoding: str | None) -> bytes:
    """Return a body unpacked, or as it is where it cannot be."""
    try:
        return unpack(body, encoding).body
    except UndecodableError:
        return body
