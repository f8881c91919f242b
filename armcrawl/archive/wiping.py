"""Taking a page out of an archive for good, without moving anything else in its file."""

from __future__ import annotations

import os
import shutil
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, cast

from armcrawl.archive.folder import file_in
from armcrawl.archive.frames import frames_of
from armcrawl.archive.records import new_id, warc_date
from armcrawl.archive.sending import is_away
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from armcrawl.archive.storage import Storage

# A gzip member that is stored, not packed, has a head of 10 bytes, a tail of 8, and 5 for each block of 64 KB:
# https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc1951
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
COMMENTED = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"
# Other programs pack some records together; whole files of a gigabyte are no matter of a takedown.
MAX_MEMBER = 256 << 20
TAIL_SIZE = 8
BLOCK_HEAD_SIZE = 5
MAX_BLOCK = 0xFFFF
# What a copy is called while records of it are wiped.
WIPING = ".wiping-"
SAYS = b"This page was removed."
# Bytes that the smallest such record takes; the record of a page is never as small, only a torn one.
MIN_SIZE = 230


@dataclass(frozen=True, slots=True)
class Span:
    """What of a gzip member is wiped: which of its records, counted from 1, if not the only one.

    `end` is where the next member begins; it is given where nothing in the member is anybody else's, so that it can be
    wiped also if it cannot be unpacked.
    """

    end: int | None = None
    numbers: frozenset[int] = frozenset()


ALONE = Span()


def wipe(folder: Path, name: str, offset: int, moment: datetime, span: Span = ALONE) -> None:
    """Overwrite the record at a place with one of the same size that says it was removed.

    Every other record stays where it is, so no offset becomes wrong. Raises ArchiveError.
    """
    try:
        with file_in(folder, name).open("r+b") as file:
            wipe_in(file, offset, moment, span)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, zlib.error) as error:
        raise ArchiveError(f"The record at {offset} of {name} cannot be wiped: {error}") from error


def is_here(storage: Storage, name: str) -> bool:
    """Tell whether a file lies on this machine, where it can be wiped in place."""
    if not is_away(storage):
        return True
    try:
        file_in(storage.local, name)
    except FileNotFoundError:
        return False
    return True


def is_wiped(storage: Storage, name: str, offset: int) -> bool:
    """Tell whether a record says already that it was removed."""
    try:
        with storage.open(name) as file:
            plain, _ = read_member(file, offset)
    except (OSError, zlib.error):
        return False
    return plain.partition(b"\r\n\r\n")[2].strip() == SAYS


@contextmanager
def wiped_copy(storage: Storage, name: str, records: Mapping[int, Span], moment: datetime) -> Iterator[Path]:
    """Hand over a copy of a file, on this machine, with records wiped, by offset; raises ArchiveError."""
    storage.local.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=storage.local, prefix=WIPING) as copy:
        try:
            with storage.open(name) as original:
                shutil.copyfileobj(original, copy, 1 << 20)
            for offset, span in sorted(records.items()):
                wipe_in(cast("BinaryIO", copy), offset, moment, span)
            copy.flush()
        except (OSError, zlib.error) as error:
            raise ArchiveError(f"{name} cannot be wiped: {error}") from error
        yield Path(copy.name)


def wipe_in(file: BinaryIO, offset: int, moment: datetime, span: Span = ALONE) -> None:
    """Do the same in an open file; raises OSError and zlib.error."""
    try:
        plain, size = read_member(file, offset)
    except zlib.error:
        if span.end is None:
            raise
        # It is damaged, cut or too large, and nothing in it is to be kept.
        plain, size = b"", span.end - offset
    starts = [frame.offset for frame in frames_of(BytesIO(plain))] if plain else []
    if len(starts) > max(1, len(span.numbers)):
        if not span.numbers:
            raise zlib.error(
                "others are packed together with it, and it is not told apart: pack each record for itself"
            )
        member = _without(plain, starts, span.numbers, size)
    elif size >= MIN_SIZE:
        member = _member(size, moment)
    elif size == file.seek(0, os.SEEK_END) - offset:
        file.truncate(offset)
        return
    else:
        raise zlib.error(f"its {size} bytes have no room for another record")
    file.seek(offset)
    file.write(member)


def member_size(file: BinaryIO, offset: int) -> int:
    """Return how many bytes the gzip member at an offset takes; raises OSError and zlib.error."""
    return read_member(file, offset)[1]


def read_member(file: BinaryIO, offset: int) -> tuple[bytes, int]:
    """Return what the gzip member at an offset unpacks to, and its size in bytes; raises OSError and zlib.error."""
    file.seek(offset)
    unpacking, size, plain = zlib.decompressobj(16 + zlib.MAX_WBITS), 0, bytearray()
    while not unpacking.eof:
        data = file.read(1 << 16)
        if not data:
            raise zlib.error("the file ends in the middle of it")
        plain += unpacking.decompress(data, MAX_MEMBER - len(plain) + 1)
        if len(plain) > MAX_MEMBER:
            raise zlib.error(f"more than {MAX_MEMBER >> 20} MB are packed together: pack each record for itself")
        size += len(data) - len(unpacking.unused_data)
    return bytes(plain), size


def _without(plain: bytes, starts: Sequence[int], numbers: Container[int], size: int) -> bytes:
    """Return a gzip member of exactly that size, without some of its records; raises zlib.error."""
    pieces = zip(starts, [*starts[1:], len(plain)], strict=True)
    kept = b"".join(plain[start:end] for number, (start, end) in enumerate(pieces, 1) if number not in numbers)
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packing.compress(kept) + packing.flush()
    # A comment, which ends with a nought, takes what room is left.
    room = size - len(COMMENTED) - 1 - len(packed) - TAIL_SIZE
    if room < 0:
        raise zlib.error("others are packed together with it, and better than can be done here: pack each for itself")
    tail = zlib.crc32(kept).to_bytes(4, "little") + len(kept).to_bytes(4, "little")
    return COMMENTED + b" " * room + b"\0" + packed + tail


def _member(size: int, moment: datetime) -> bytes:
    """Return a gzip member of exactly that size, with a record in it."""
    blocks = 1
    while True:
        content = size - len(HEAD) - TAIL_SIZE - BLOCK_HEAD_SIZE * blocks
        if content <= MAX_BLOCK * blocks:
            break
        blocks += 1
    plain = _tombstone(content, moment)
    pieces = [plain[start : start + MAX_BLOCK] for start in range(0, blocks * MAX_BLOCK, MAX_BLOCK)]
    body = b"".join(_block_head(len(piece), is_last=number == blocks) + piece for number, piece in enumerate(pieces, 1))
    return HEAD + body + zlib.crc32(plain).to_bytes(4, "little") + len(plain).to_bytes(4, "little")


def _block_head(length: int, *, is_last: bool) -> bytes:
    return bytes([is_last]) + length.to_bytes(2, "little") + (length ^ MAX_BLOCK).to_bytes(2, "little")


def _tombstone(size: int, moment: datetime) -> bytes:
    """Return a metadata record of exactly that many bytes."""
    head = f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {new_id()}\r\nWARC-Date: {warc_date(moment)}\r\n"
    head += "Content-Type: text/plain\r\nContent-Length: "
    rest = size - len(head) - len("\r\n\r\n") - len("\r\n\r\n")
    length = rest - len(str(rest))
    # A space where the number has a digit less than was reckoned with.
    gap = rest - length - len(str(length))
    block = SAYS[:length].ljust(length)
    return f"{head}{' ' * gap}{length}\r\n\r\n".encode() + block + b"\r\n\r\n"
