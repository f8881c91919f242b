"""Taking a page out of an archive for good, without moving anything else in its file."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, cast

from armcrawl.archive.folder import file_in
from armcrawl.archive.records import new_id, warc_date
from armcrawl.archive.sending import is_away
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from armcrawl.archive.storage import Storage

# A gzip member that is stored, not packed, has a head of 10 bytes, a tail of 8, and 5 for each block of 64 KB:
# https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc1951
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
TAIL_SIZE = 8
BLOCK_HEAD_SIZE = 5
MAX_BLOCK = 0xFFFF
SAYS = b"This page was removed."
# Bytes that the smallest such record takes; the record of a page is never as small, only a torn one.
MIN_SIZE = 230
ENDING = ".warc.gz"
# How often a file was wiped that is never overwritten.
COUNTED = re.compile(r"-w(\d{1,6})$")


def wipe(folder: Path, name: str, offset: int, moment: datetime, end: int | None = None) -> None:
    """Overwrite the record at a place with one of the same size that says it was removed.

    `end` is where the next one begins, for a record that is damaged or cut. Every other record stays where it is, so no
    offset becomes wrong. Raises ArchiveError.
    """
    try:
        with file_in(folder, name).open("r+b") as file:
            wipe_in(file, offset, moment, end)
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


def next_name(name: str) -> str:
    """Return the name of a file that takes the place of another one: an object in S3 is never overwritten."""
    stem = name.removesuffix(ENDING)
    counted = COUNTED.search(stem)
    number = int(counted[1]) if counted else 0
    return f"{COUNTED.sub('', stem)}-w{number + 1}{ENDING}"


@contextmanager
def wiped_copy(storage: Storage, name: str, records: Mapping[int, int | None], moment: datetime) -> Iterator[Path]:
    """Hand over a copy of a file, on this machine, with records wiped, by offset and end; raises ArchiveError."""
    storage.local.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=storage.local, suffix=".part") as copy:
        try:
            with storage.open(name) as original:
                shutil.copyfileobj(original, copy, 1 << 20)
            for offset, end in sorted(records.items()):
                wipe_in(cast("BinaryIO", copy), offset, moment, end)
            copy.flush()
        except (OSError, zlib.error) as error:
            raise ArchiveError(f"{name} cannot be wiped: {error}") from error
        yield Path(copy.name)


def wipe_in(file: BinaryIO, offset: int, moment: datetime, end: int | None = None) -> None:
    """Do the same in an open file; raises OSError and zlib.error."""
    try:
        size = member_size(file, offset)
    except zlib.error:
        if end is None:
            raise
        size = end - offset
    if size < MIN_SIZE:
        if size != file.seek(0, os.SEEK_END) - offset:
            raise zlib.error(f"its {size} bytes have no room for another record")
        file.truncate(offset)
        return
    file.seek(offset)
    file.write(_member(size, moment))


def member_size(file: BinaryIO, offset: int) -> int:
    """Return how many bytes the gzip member at an offset takes."""
    file.seek(offset)
    unpacking, size = zlib.decompressobj(16 + zlib.MAX_WBITS), 0
    while not unpacking.eof:
        data = file.read(1 << 16)
        if not data:
            raise zlib.error("the file ends in the middle of it")
        unpacking.decompress(data)
        size += len(data) - len(unpacking.unused_data)
    return size


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
