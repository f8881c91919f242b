"""ZIP files whose numbers are not believed: their members as streams, and whether they can be what they say."""

from __future__ import annotations

import struct
from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from typing import BinaryIO
    from zipfile import ZipExtFile, ZipInfo

# Archives are packed already: what shrinks more than this in a package is none. A member that is small says little.
MAX_SHRUNK, LEEWAY = 100, 1 << 12
# What holds packed records shrinks by next to nothing.
MAX_SHRUNK_TWICE = 2
# Bytes of the list of members: real ones have some ten members of 100 bytes each, and in memory ten times that.
MAX_LIST = 4 << 20
# The head of a member, and the end of a package, with their lengths of name, extra field and comment:
# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 and 4.3.16
HEAD, HEAD_SIZE = struct.Struct("<26xHH"), 30
END, END_SIZE, MAX_COMMENT = b"PK\x05\x06", 22, 0xFFFF
# Before that end, one of 64 bits and what points to it, in which the length of the list counts (4.3.14 and 4.3.15).
LONG_END, LONG_END_SIZE, POINTER, POINTER_SIZE = b"PK\x06\x06", 56, b"PK\x06\x07", 20


class Window:
    """A part of a file, as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self.file, self.start, self.size, self.at = file, start, size, 0

    def seekable(self) -> bool:
        """Tell that one can go to any place of it."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or all that are left."""
        left = max(0, self.size - self.at)
        self.file.seek(self.start + self.at)
        data = self.file.read(left if size < 0 else min(size, left))
        self.at += len(data)
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place."""
        self.at = max(0, offset + {SEEK_SET: 0, SEEK_CUR: self.at, SEEK_END: self.size}[whence])
        return self.at

    def tell(self) -> int:
        """Return the place."""
        return self.at


class Forward:
    """A packed member, which can only be read on: to go back in it would unpack it anew."""

    def __init__(self, member: ZipExtFile) -> None:
        self.read = member.read

    def seekable(self) -> bool:
        """Tell that it is not."""
        return False


def stored(file: BinaryIO, member: ZipInfo) -> BinaryIO:
    """Return a member that is not packed, where it lies in the package; raises BadZipFile."""
    file.seek(member.header_offset)
    head = file.read(HEAD_SIZE)
    if len(head) < HEAD_SIZE or not head.startswith(b"PK\x03\x04"):
        raise BadZipFile("a member does not begin where it should")
    name, extra = cast("tuple[int, int]", HEAD.unpack(head))
    return cast("BinaryIO", Window(file, member.header_offset + HEAD_SIZE + name + extra, member.compress_size))


def opened(file: BinaryIO) -> ZipFile:
    """Open a package; raises what `zipfile` does, and BadZipFile for one whose members cannot be in it."""
    size = file.seek(0, SEEK_END)
    # Each member is made an object when a package is opened.
    list_size = min(_list_size(file, size), size)
    if list_size > MAX_LIST:
        raise BadZipFile(f"a list of members of {list_size >> 20} MB")
    package = ZipFile(file)
    end = 0
    for member in sorted(package.infolist(), key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise BadZipFile("its members lie in each other")
        end = member.header_offset + HEAD_SIZE + member.compress_size
    if end > size:
        raise BadZipFile("its members are longer than it is")
    return package


def _list_size(file: BinaryIO, size: int) -> int:
    """Return how long the list of members says it is, where `zipfile` looks for that; 0 without an end."""
    file.seek(max(0, size - POINTER_SIZE - LONG_END_SIZE - END_SIZE - MAX_COMMENT))
    tail = file.read()
    bare = len(tail) - END_SIZE
    has_no_comment = bare >= 0 and tail.startswith(END, bare) and tail.endswith(b"\0\0")
    at = bare if has_no_comment else tail.rfind(END)
    if at < 0:
        return 0
    pointer = at - POINTER_SIZE
    long_end = pointer - LONG_END_SIZE
    if long_end >= 0 and tail.startswith(POINTER, pointer):
        # Versions of `zipfile` differ in where else they look for it; nobody writes that.
        is_there = tail.startswith(LONG_END, long_end)
        return int.from_bytes(tail[long_end + 40 : long_end + 48], "little") if is_there else size
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def is_bomb(member: ZipInfo, *, is_packed_twice: bool = False) -> bool:
    """Tell whether a member unpacks to more than any archive would."""
    return member.file_size > (MAX_SHRUNK_TWICE if is_packed_twice else MAX_SHRUNK) * member.compress_size + LEEWAY
