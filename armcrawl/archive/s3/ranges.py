"""A file of a bucket as a file: what is read of it is fetched by ranges."""

from __future__ import annotations

from functools import lru_cache
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing_extensions import Buffer

# A packed page has 17 KB, and few have more than this: one request for one page.
PAGE = 64 << 10
# Of neighbours 60 are in one request, which takes hardly longer than one for a page.
BLOCK = 1 << 20
# What a process keeps: 64 MB, less than it has for itself. A chunk of re-reading has 200 pages of 3.4 MB, in few files;
# kept in memory, no page that is taken down lies on a disk.
BLOCKS = 64


class Place(Protocol):
    """Where objects are."""

    def __hash__(self) -> int: ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return bytes of an object; raises ArchiveAwayError."""


class Ranged(RawIOBase):
    """The bytes of an object, read in blocks that are kept for others, or as they are asked for."""

    def __init__(self, place: Place, name: str, size: int, *, is_cached: bool) -> None:
        self.place, self.object, self.size, self.is_cached = place, name, size, is_cached
        self.at = 0

    @property
    def name(self) -> str:
        """Its address, for messages."""
        return f"{self.place}/{self.object}"

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that one can go to any place of it."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place."""
        self.at = max(0, offset + {SEEK_SET: 0, SEEK_CUR: self.at, SEEK_END: self.size}[whence])
        return self.at

    def tell(self) -> int:
        """Return the place."""
        return self.at

    def readinto(self, buffer: Buffer) -> int:
        """Read what comes next, as much as there is room for or in the block; raises ArchiveAwayError."""
        room = memoryview(buffer).cast("B")
        wanted = min(len(room), self.size - self.at)
        if wanted <= 0:
            return 0
        if self.is_cached:
            number, begin = divmod(self.at, BLOCK)
            data = _block(self.place, self.object, self.size, number)[begin : begin + wanted]
        else:
            data = self.place.read(self.object, self.at, wanted)
        room[: len(data)] = data
        self.at += len(data)
        return len(data)


@lru_cache(maxsize=BLOCKS)
def _block(place: Place, name: str, size: int, number: int) -> bytes:
    """Return a block of an object, which never changes."""
    start = number * BLOCK
    return place.read(name, start, min(BLOCK, size - start))


def forget() -> None:
    """Forget what was read: a page that was taken down does not stay in memory either."""
    _block.cache_clear()
