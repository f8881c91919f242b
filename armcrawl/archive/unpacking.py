"""A file's bytes, unpacked: gzip members, zstd frames, or a file that is not packed at all.

Nothing is believed: a member that is damaged, cut, or out of all proportion costs itself, and the next one is looked
for. No library does that: they end where the damage begins.
"""

from __future__ import annotations

import re
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from armcrawl.reading.decoding import GZIP, GZIP_MAGIC, MAX_BODY, MEGABYTE, ZSTD_MAGIC, zstd_module

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

# Bytes that are read at once; twice as many stay in hand, to be searched again behind a damage.
PIECE = 1 << 16
# Web pages pack to a fifth or a tenth. What is ahead of a hundredfold by more than this many bytes is a bomb: to unpack
# it would take longer than a second for each megabyte of the file.
MAX_SHRUNK, LEEWAY = 100, MAX_BODY + MEGABYTE
# Bytes that are unpacked anew behind damages, for each byte of the file: made ones may stand in each other.
MAX_REPEATED = 8
# RFC 1952, 2.3: method deflate, no reserved flag.
GZIP_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL)
ZSTD_START = re.compile(re.escape(ZSTD_MAGIC))
# RFC 8878, 3.1.2; the first of a file may hold a dictionary: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)
SKIPPABLE_HEAD = 8
# Dictionaries have some 100 KB; windows as zstd itself takes them unasked, 128 MB.
MAX_DICTIONARY, ZSTD_WINDOW = 8 << 20, 27
# Bytes of a damaged member that may still tell its address, and how many are tried at once.
MAX_BEGINNING, STEP = 4096, 64
PADDING = b"\r\n\0"
BLANKS = {b"\r", b"\n", b"\0"}


class DamagedError(ValueError):
    """Bytes that are not what they should be; the message says why."""


class CutError(DamagedError):
    """The file ends too early."""


class Unpacking(Protocol):
    """The decompressor of one member; `feed` returns plain bytes, how many it took, and whether the member ends."""

    def feed(self, packed: memoryview, size: int) -> tuple[bytes, int, bool]:
        """Unpack at most `size` bytes; raises zlib.error, or zstd's."""


class _Gzip:
    def __init__(self) -> None:
        self.inner = zlib.decompressobj(GZIP)

    def feed(self, packed: memoryview, size: int) -> tuple[bytes, int, bool]:
        plain = self.inner.decompress(packed, size)
        rest = self.inner.unused_data if self.inner.eof else self.inner.unconsumed_tail
        return plain, len(packed) - len(rest), self.inner.eof


class _Zstd:
    def __init__(self, dictionary: Any) -> None:
        zstd = zstd_module()
        options = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
        self.inner = zstd.ZstdDecompressor(zstd_dict=dictionary, options=options)

    def feed(self, packed: memoryview, size: int) -> tuple[bytes, int, bool]:
        # It keeps what it has not unpacked yet.
        taken = packed if self.inner.needs_input else memoryview(b"")
        plain = self.inner.decompress(taken, size)
        return plain, len(taken) - len(self.inner.unused_data), self.inner.eof


class Packed:
    """A file from some place on, read in pieces: `member` gives one after another, until there is none."""

    def __init__(self, file: BinaryIO, offset: int = 0, piece: int = PIECE) -> None:
        self.file = file
        self.piece = piece
        self.data = b""
        self.start = offset  # of `data` in the file
        self.at = 0  # in `data`
        self.leeway = LEEWAY
        self.repeated = 0
        self.begun = offset
        self.dictionary: Any = None
        self.coding = self._coding()

    @property
    def position(self) -> int:
        """Where in the file the next byte is."""
        return self.start + self.at

    def member(self) -> Member | None:
        """Return the next member, None at the end; raises DamagedError for what is none, and goes on behind it."""
        if self.coding is None:
            begun = self.ahead(1)
            return Member(self, self.position, None) if begun else None
        while self._skips_frame() or self._skips_padding():
            pass
        begin = self.ahead(4)
        if not begin:
            return None
        self.begun = self.position
        if not self._start().match(begin):
            self.recover()
            raise DamagedError(f"no {self.coding} begins here")
        return Member(self, self.position, _Gzip if self.coding == "gzip" else partial(_Zstd, self.dictionary))

    def recover(self) -> None:
        """Go to where the next member may begin, behind the beginning of the one that was read last."""
        if self.coding is None:
            return
        back = max(0, self.begun + 1 - self.start)
        behind = self.at - back
        if self.may_repeat(max(0, behind)):
            self.at = back
        while True:
            found = self._start().search(self.data, self.at)
            if found is not None:
                self.at = found.start()
                return
            self.at = max(self.at, len(self.data) - 3)
            if not self.more():
                self.at = len(self.data)
                return

    def may_repeat(self, size: int) -> bool:
        """Tell whether so many bytes may be unpacked anew, and take note of it."""
        is_allowed = not size or self.repeated + size <= MAX_REPEATED * (self.position + PIECE)
        self.repeated += size if is_allowed else 0
        return is_allowed

    def beginning(self) -> bytes:
        """Return what can be unpacked of the beginning of the member that was read last, if that is still in hand."""
        plain, at, unpacking = b"", self.begun - self.start, zlib.decompressobj(GZIP)
        if self.coding != "gzip" or at < 0:
            return plain
        try:
            for start in range(at, at + MAX_BEGINNING, STEP):
                plain += unpacking.decompress(self.data[start : start + STEP], MAX_BEGINNING)
        except zlib.error:
            pass
        return plain

    def ahead(self, size: int) -> bytes:
        """Return some bytes that come next, fewer at the end."""
        while len(self.data) - self.at < size and self.more():
            pass
        return self.data[self.at : self.at + size]

    def more(self) -> bool:
        """Read on; tells whether there was more."""
        piece = self.file.read(self.piece)
        kept = max(0, self.at - PIECE)
        self.data = self.data[kept:] + piece
        self.start += kept
        self.at -= kept
        return bool(piece)

    def go_to(self, offset: int) -> None:
        """Read on at another place of the file."""
        self.file.seek(offset)
        self.data, self.start, self.at = b"", offset, 0

    def allow(self, taken: int, given: int) -> None:
        """Take note of what was unpacked; raises DamagedError where that is out of all proportion."""
        self.leeway = min(LEEWAY, self.leeway + MAX_SHRUNK * taken - given)
        if self.leeway < 0:
            self.leeway = 0
            raise DamagedError(f"unpacks to more than {MAX_SHRUNK} times its size: that is no archive")

    def _coding(self) -> str | None:
        begin = self.ahead(4)
        if begin.startswith(GZIP_MAGIC):
            return "gzip"
        if begin.startswith(ZSTD_MAGIC) or SKIPPABLE.match(begin):
            self.dictionary = self._first_dictionary()
            return "zstd"
        return None

    def _start(self) -> re.Pattern[bytes]:
        return GZIP_START if self.coding == "gzip" else ZSTD_START

    def _skips_padding(self) -> bool:
        """Go over zeros and blank lines, which some programs leave between members; tells whether there were any."""
        # Most members follow one another at once.
        if self.ahead(1) not in BLANKS:
            return False
        rest = self.ahead(PIECE)
        blank = len(rest) - len(rest.lstrip(PADDING))
        self.at += blank
        return blank > 0

    def _skips_frame(self) -> bool:
        """Go over a frame that holds no record; tells whether there was one."""
        begin = self.ahead(SKIPPABLE_HEAD)
        if self.coding != "zstd" or not SKIPPABLE.match(begin):
            return False
        self.at += len(begin)
        left = int.from_bytes(begin[4:], "little")
        while left and (step := len(self.ahead(min(left, PIECE)))):
            self.at += step
            left -= step
        return True

    def _first_dictionary(self) -> Any:
        """Return the dictionary that a file of zstd frames may begin with, packed or not; None without a sound one."""
        begin, zstd = self.ahead(SKIPPABLE_HEAD), zstd_module()
        size = int.from_bytes(begin[4:], "little")
        if not SKIPPABLE.match(begin) or size > MAX_DICTIONARY:
            return None
        # Nothing is taken away: the frame is gone over as any other that holds no record.
        held = self.ahead(SKIPPABLE_HEAD + size)[SKIPPABLE_HEAD:]
        try:
            packed = held.startswith(ZSTD_MAGIC)
            return zstd.ZstdDict(zstd.ZstdDecompressor().decompress(held, MAX_DICTIONARY) if packed else held)
        except (zstd.ZstdError, ValueError):
            return None


class Member:
    """The plain bytes of one member, or of a file that is not packed."""

    def __init__(self, packed: Packed, offset: int, begin: Callable[[], Unpacking] | None) -> None:
        self.packed = packed
        self.offset = offset
        self.begin = begin
        self.unpacking = begin() if begin is not None else None
        self.is_over = False

    @property
    def is_packed(self) -> bool:
        """Whether the file is packed, and this is one of its members."""
        return self.unpacking is not None

    def charge(self, size: int) -> None:
        """Count what it costs to look at a record as so many plain bytes; raises DamagedError where it is too much."""
        if self.is_packed:
            self.packed.allow(0, size)

    def rewind(self, position: int) -> bool:
        """Go back to a place in the plain bytes; tells whether that is possible. Raises as `read` does."""
        packed = self.packed
        if not packed.file.seekable():
            return False
        if self.begin is None:
            packed.go_to(self.offset + position)
            return True
        if not packed.may_repeat(packed.position - self.offset):
            return False
        packed.go_to(self.offset)
        self.unpacking, self.is_over = self.begin(), False
        while position and (piece := self.read(min(position, PIECE))):
            position -= len(piece)
        return not position

    def read(self, size: int) -> bytes:
        """Return at most so many plain bytes, none at the end; raises DamagedError, and CutError at the file's end."""
        packed = self.packed
        if self.unpacking is None:
            plain = packed.ahead(min(size, PIECE))
            packed.at += len(plain)
            return plain
        while not self.is_over:
            is_last = len(packed.data) == packed.at and not packed.more()
            try:
                plain, taken, self.is_over = self.unpacking.feed(memoryview(packed.data)[packed.at :], size)
            except damages() as error:
                raise DamagedError(str(error)) from error
            packed.at += taken
            packed.allow(taken, len(plain))
            if plain:
                return plain
            if is_last and not self.is_over:
                raise CutError(f"the file ends in the middle of {packed.coding}")
        return b""


def damages() -> tuple[Any, ...]:
    """Return what decompressors raise."""
    return zlib.error, zstd_module().ZstdError
