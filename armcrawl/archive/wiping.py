"""Taking a page out of an archive for good, without moving anything else in its file."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from armcrawl.archive.folder import file_in
from armcrawl.archive.records import new_id, warc_date
from armcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

# A gzip member that is stored, not packed, has a head of 10 bytes, a tail of 8, and 5 for each block of 64 KB:
# https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc1951
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
TAIL_SIZE = 8
BLOCK_HEAD_SIZE = 5
MAX_BLOCK = 0xFFFF
SAYS = b"This page was removed."


def wipe(folder: Path, name: str, offset: int, moment: datetime) -> None:
    """Overwrite the record at a place with one of the same size that says it was removed.

    Every other record stays where it is, so no offset becomes wrong. Raises ArchiveError.
    """
    try:
        with file_in(folder, name).open("r+b") as file:
            size = member_size(file, offset)
            file.seek(offset)
            file.write(_member(size, moment))
            file.flush()
            os.fsync(file.fileno())
    except (OSError, zlib.error) as error:
        raise ArchiveError(f"The record at {offset} of {name} cannot be wiped: {error}") from error


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
