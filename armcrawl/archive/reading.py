"""Reading WARC files: one record by its place, or all of a file; whatever is wrong with it is told, not raised."""

from __future__ import annotations

import zlib
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from armcrawl.archive.folder import file_in
from armcrawl.archive.records import ADDRESS
from armcrawl.errors import ArchiveError
from armcrawl.items import Pickled
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.reading.response import SiteResponse, header_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from armcrawl.items import Record

# Before the first web archives nothing was captured; near the last year that there is, no zone can be reckoned with.
MIN_YEAR, MAX_YEAR = 1990, 9000
REVISIT = "revisit"
# Of what else WARC files hold nothing is a page.
RESPONSES = ("response", REVISIT)
# What reading damaged bytes raises.
DAMAGE = (
    *(ArchiveLoadFailed, OSError, zlib.error, EOFError, ValueError, OverflowError),
    *(KeyError, AttributeError, IndexError, TypeError),
)


@dataclass(frozen=True, slots=True)
class Captured(Pickled):
    """A record of a response. A revisit has no body, and says when the page was captured before.

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
    refers_to: datetime | None = None
    profile: str | None = None
    block: bytes = b""

    @property
    def is_revisit(self) -> bool:
        """Whether the bytes are in an earlier record."""
        return self.refers_to is not None

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
class UnreadableRecord:
    """A record, or the rest of a file, that is no response which could be read, and why."""

    offset: int
    reason: str


@contextmanager
def quietly() -> Iterator[None]:
    """Keep to itself what warcio prints of damage and of odd bytes: it is told by digests and exceptions as well."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        yield


def read_at(folder: Path, name: str, offset: int) -> Captured:
    """Return the record at a place of an archive; raises ArchiveError if there is none."""
    try:
        with file_in(folder, name).open("rb") as file:
            return captured_at(file, offset)
    except FileNotFoundError as error:
        raise ArchiveError(f"{error}.") from error


def captured_at(file: BinaryIO, offset: int) -> Captured:
    """Return the record at a place of an open file; raises ArchiveError if there is none."""
    file.seek(offset)
    try:
        with quietly():
            found = _captured(next(ArchiveIterator(file)), offset)
    except (*DAMAGE, StopIteration) as error:
        raise ArchiveError(f"There is no record at {offset} of {file.name} ({error}).") from error
    if isinstance(found, UnreadableRecord):
        raise ArchiveError(f"The record at {offset} of {file.name} cannot be read: {found.reason}.")
    return found


def records_of(file: BinaryIO) -> Iterator[Captured | UnreadableRecord]:
    """Yield every response of a file, compressed or not, and what cannot be read; records of other types are left out.

    Reading goes on behind a damaged record where that is possible, and ends with the file in any case.
    """
    iterator = ArchiveIterator(file, arc2warc=True, check_digests=True)
    while True:
        offset = 0
        try:
            with quietly():
                record = next(iterator)
                offset = iterator.offset
                found = _captured(record, offset, has_block=True) if record.rec_type in RESPONSES else None
            if found is not None:
                yield found
        except StopIteration:
            return
        except DAMAGE as error:
            # What follows cannot be found for sure.
            yield UnreadableRecord(offset, f"damaged: {error}")
            return


def _captured(record: Any, offset: int, *, has_block: bool = False) -> Captured | UnreadableRecord:
    headers = record.rec_headers
    http = record.http_headers
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    moment = _moment(headers.get_header("WARC-Date"))
    if record.rec_type not in RESPONSES or not url or moment is None:
        return UnreadableRecord(offset, f"a record of type {record.rec_type} without an address or a date")
    if http is None:
        return UnreadableRecord(offset, "no answer of a web server")
    refers_to = _moment(headers.get_header("WARC-Refers-To-Date")) if record.rec_type == REVISIT else None
    if record.rec_type == REVISIT and refers_to is None:
        return UnreadableRecord(offset, "a revisit that does not say of what")
    raw = record.raw_stream.read(MAX_BODY + 1)
    if len(raw) > MAX_BODY:
        return UnreadableRecord(offset, f"larger than {MAX_BODY >> 20} MB")
    if record.digest_checker.passed is False:
        return UnreadableRecord(offset, "the digest is wrong: the record was damaged")
    body = b"" if refers_to else _joined(raw, http.get_header("Transfer-Encoding"))
    status = http.get_statuscode()
    return Captured(
        url=url,
        fetched_at=moment,
        offset=offset,
        status=int(status) if status.isdecimal() else 0,
        body=body,
        content_type=header_text(http.get_header("Content-Type")),
        etag=header_text(http.get_header("ETag")),
        last_modified=header_text(http.get_header("Last-Modified")),
        payload_digest=headers.get_header("WARC-Payload-Digest"),
        content_encoding=_codings(http),
        location=header_text(http.get_header("Location")),
        asked_for=headers.get_header(ADDRESS),
        refers_to=refers_to,
        profile=headers.get_header("WARC-Profile"),
        block=http.to_bytes() + raw if has_block else b"",
    )


def _codings(http: Any) -> str | None:
    """Return all content codings of a response, which may stand in several headers."""
    return header_text(",".join(value for name, value in http.headers if name.lower() == "content-encoding") or None)


def _joined(raw: bytes, transfer_encoding: str | None) -> bytes:
    """Return a body without the chunks that it was sent in."""
    is_chunked = (transfer_encoding or "").strip().lower() == "chunked"
    return bytes(ChunkedDataReader(BytesIO(raw)).read()) if is_chunked else raw


def _moment(written: str | None) -> datetime | None:
    """Return a WARC date: to the second in WARC 1.0, or with a fraction in 1.1; None for one that cannot be."""
    try:
        moment = datetime.fromisoformat((written or "").strip())
    except ValueError:
        return None
    if not MIN_YEAR <= moment.year <= MAX_YEAR:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
