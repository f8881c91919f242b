"""Where records begin and end in a file: WARC and ARC, told apart by what stands there and not by the file's name.

WARC: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
ARC: https://archive.org/web/researcher/ArcFileFormat.php
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from armcrawl.archive.unpacking import PADDING, PIECE, CutError, DamagedError, Packed
from armcrawl.reading.decoding import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from armcrawl.archive.unpacking import Member

# As large as browsers let the head of a response be; lines of it, as programs write some twenty.
MAX_HEAD, MAX_LINES = 256 << 10, 1000
# A head and a body; what is larger is gone over and not kept.
MAX_BLOCK = MAX_HEAD + MAX_BODY
# Plain bytes that are unpacked in the time in which a small record is read.
RECORD_COST = 4096
# A file with so many faults is none; each may cost as much as it is long.
MAX_FAULTS = 1000
# Digits of a length: no file has more bytes.
MAX_DIGITS = 15
VERSION = re.compile(rb"WARC/\d+\.\d+\s*\Z")
# What an ARC record's line begins with, and what may begin there.
SCHEME = re.compile(rb"[a-z][a-z0-9+.-]{1,20}:")
MAX_SCHEME = 22
NEXT = re.compile(rb"\n(?:WARC/\d|[a-z][a-z0-9+.-]{1,20}:)")
# What it begins with where the line before it has no end.
SCHEMES = {b"http:", b"https:", b"dns:", b"ftp:", b"filedesc:"}
SERVER = re.compile(rb"[\d.:a-fA-F]+|-")
ARC_DATE = re.compile(rb"\d{8,17}")
ADDRESS = re.compile(rb"\nWARC-Target-URI: *<?([^\r\n>]{1,200})", re.IGNORECASE)
WARC_BEGIN = b"WARC/"
BLANK_LINE, NO_END = re.compile(rb"\n\r*\n"), "the head of a record has no end"
# Bytes by which lengths are wrong that programs wrote in good faith: a line's end that was counted, or was not.
SLACK = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """A record as it stands: `block` is None where it is larger than any page, shorter than `length` where it is cut.

    `offset` is where the record begins in the file, or the gzip member that it is in, `behind` how far the file was
    read for it. Names of headers are lower case.
    """

    offset: int
    kind: str
    headers: dict[str, str]
    length: int
    block: bytes | None = field(repr=False)
    behind: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether the file ends before the record does."""
        return self.block is not None and len(self.block) < self.length


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file where no record could be read, and why."""

    offset: int
    reason: str
    is_cut: bool = False


def frames_of(file: BinaryIO, offset: int = 0, piece: int = PIECE) -> Iterator[Frame | Fault]:
    """Yield the records of a file from a place on, and what is wrong with it; a fault costs what it stands in.

    So many bytes are read at once, which wants to be few for one record.
    """
    packed, faults, found = Packed(file, offset, piece), 0, False
    while faults < MAX_FAULTS:
        begun = packed.position
        try:
            member = packed.member()
            if member is None:
                if not found and not faults and packed.position:
                    yield Fault(0, "no record of an archive is in it")
                return
            begun = member.offset
            for one in _frames_in(member):
                found = True
                faults += isinstance(one, Fault)
                yield one
                if faults >= MAX_FAULTS:
                    break
        except DamagedError as error:
            faults += 1
            told = ADDRESS.search(packed.beginning())
            of = f" ({_text(told[1])})" if told else ""
            yield Fault(begun, f"damaged: {error}{of}", is_cut=isinstance(error, CutError))
            packed.recover()
    yield Fault(packed.position, f"more than {MAX_FAULTS} faults: the rest is not read")


class _HeadError(ValueError):
    """No head of a record; the message says why."""


class _Stream:
    """Plain bytes with what was read last still in hand: from `mark` on, one can go back."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.data = bytearray()
        self.at = 0
        self.start = 0  # of `data` in the plain bytes

    @property
    def position(self) -> int:
        return self.start + self.at

    def fill(self, size: int) -> int:
        """Have so many bytes in hand; returns how many there are, fewer only at the end."""
        while len(self.data) - self.at < size:
            piece = self.member.read(PIECE)
            if not piece:
                break
            self.data += piece
        return len(self.data) - self.at

    def begins_with(self, wanted: bytes) -> bool:
        self.fill(len(wanted))
        return self.data.startswith(wanted, self.at)

    def forget(self) -> None:
        """Give up what was gone over long ago."""
        if self.at >= 2 * PIECE:
            self.start += self.at - PIECE
            del self.data[: self.at - PIECE]
            self.at = PIECE

    def back_to(self, position: int) -> bool:
        """Go back to a place; tells whether that is possible: a packed file is unpacked anew, but not for ever."""
        if position < self.start:
            if not self.member.rewind(position):
                return False
            self.data.clear()
            self.start = position
        self.at = position - self.start
        return True

    def line(self) -> bytes:
        """Return the next line without its end; raises _HeadError for one that never ends."""
        end, searched = -1, self.at
        while (end := self.data.find(b"\n", searched)) < 0:
            searched = len(self.data)
            if searched - self.at > MAX_HEAD:
                raise _HeadError(f"a line of more than {MAX_HEAD >> 10} KB")
            if self.fill(searched - self.at + 1) == searched - self.at:
                end = searched - 1
                break
        line = bytes(self.data[self.at : end + 1])
        self.at = end + 1
        return line.rstrip(b"\r\n")

    def lines_of_head(self) -> Iterator[bytes]:
        """Yield the lines up to a blank one, without their ends; raises _HeadError where none ends the head."""
        end = BLANK_LINE.search(self.data, self.at - 1, self.at + MAX_HEAD) if self.at else None
        if end is not None and self.data.count(b"\n", self.at, end.end()) < MAX_LINES:
            head = bytes(self.data[self.at : end.start()])
            self.at = end.end()
            yield from (line.rstrip(b"\r") for line in head.split(b"\n") if line)
            return
        for _ in range(MAX_LINES):  # all of it is not in hand
            line = self.line()
            if not line:
                return
            yield line
        raise _HeadError(NO_END)

    def take(self, size: int) -> bytes:
        size = min(size, self.fill(size))
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def between(self, start: int, end: int) -> bytes:
        """Return the bytes between two places that are in hand."""
        return bytes(self.data[start - self.start : end - self.start])

    def skip(self, size: int) -> int:
        """Go over so many bytes; returns how many of them are there."""
        done = 0
        while done < size and (step := min(self.fill(min(PIECE, size - done)), size - done)):
            self.at += step
            done += step
            self.forget()
        return done

    def skip_padding(self) -> bool:
        """Go over blank lines; tells whether anything is behind them."""
        while self.fill(1):
            if self.data[self.at] not in PADDING:
                return True
            rest = self.data[self.at : self.at + PIECE]
            self.at += len(rest) - len(rest.lstrip(PADDING))
            self.forget()
        return False

    def find_next(self) -> bool:
        """Go to where the next record seems to begin; tells whether there is one."""
        while True:
            while (found := NEXT.search(self.data, self.at)) is not None:
                self.at = found.start() + 1
                if self.begins():
                    return True
            self.at = max(self.at, len(self.data) - PIECE)
            self.forget()
            held = len(self.data) - self.at
            if self.fill(held + 1) == held:
                return False

    def begins(self) -> bool:
        """Tell whether a record seems to begin here."""
        if self.begins_with(WARC_BEGIN):
            return True
        self.fill(MAX_SCHEME)
        found = SCHEME.match(self.data, self.at)
        is_line = self.at == 0 or self.data[self.at - 1 : self.at] in PADDING
        if found is None or not (is_line or found[0] in SCHEMES):
            return False
        at = self.at
        try:
            return _arc_line(self.line()) is not None
        except _HeadError:
            return False
        finally:
            self.at = at

    def is_clear(self) -> bool:
        """Go over blank lines; tells whether a record begins behind them, or nothing does."""
        return not self.skip_padding() or self.begins()


def _frames_in(member: Member) -> Iterator[Frame | Fault]:
    stream, repeated = _Stream(member), 0
    while stream.skip_padding():
        stream.forget()
        member.charge(RECORD_COST)
        begun = stream.position
        offset = member.offset if member.is_packed else begun
        found = _frame(stream, offset)
        if isinstance(found, Frame) and not found.is_cut:
            # The end of a member is read before its record is given: only there damage may show.
            found = _ending(stream, found)
        yield found
        if isinstance(found, Frame) and not found.is_cut:
            continue
        # What it took for its own may be others'.
        behind = stream.position - begun
        if repeated + behind <= MAX_BLOCK + stream.position and stream.back_to(begun + 1):
            repeated += behind
        if not stream.find_next():
            return


def _ending(stream: _Stream, frame: Frame) -> Frame | Fault:
    """Return a record whose end was looked at: another one begins behind it, or nothing does."""
    end = stream.position
    if stream.is_clear():
        return frame
    block = frame.block
    for slack in (*range(1, SLACK + 1), *range(-1, -SLACK - 1, -1)):
        if block is not None and stream.back_to(end + slack) and stream.is_clear():
            block = block + stream.between(end, end + slack) if slack > 0 else block[:slack]
            return replace(frame, block=block, length=min(frame.length, len(block)))
    stream.back_to(end)
    return Fault(frame.offset, "damaged: it does not end where it says")


def _frame(stream: _Stream, offset: int) -> Frame | Fault:
    try:
        first = stream.line()
        if VERSION.match(first):
            headers = _headers(stream)
            kind = headers.get("warc-type", "").lower()
        elif (arc := _arc_line(first)) is not None:
            headers = arc
            kind = headers["warc-type"]
        else:
            return Fault(offset, "damaged: no record begins here")
    except _HeadError as error:
        return Fault(offset, f"damaged: {error}")
    written = headers.get("content-length", "").strip()
    if not (written.isascii() and written.isdigit() and len(written) <= MAX_DIGITS):
        return Fault(offset, "damaged: a record without a length")
    length = int(written)
    # What ends with the file is looked through once more, and never gone over unseen.
    if length <= MAX_BLOCK:
        return Frame(offset, kind, headers, length, stream.take(length), stream.member.packed.position)
    there = stream.skip(length)
    if there < length:
        return Fault(offset, f"the file ends {length - there} bytes before the record", is_cut=True)
    return Frame(offset, kind, headers, length, None)


def _headers(stream: _Stream) -> dict[str, str]:
    """Return the headers of a WARC record, the first where one is repeated; raises _HeadError."""
    headers, name, size = dict[str, str](), "", 0
    for line in stream.lines_of_head():
        size += len(line)
        if size > MAX_HEAD:
            raise _HeadError(NO_END)
        if line[:1] in {b" ", b"\t"} and name:
            headers[name] = f"{headers[name]} {_text(line.strip())}".strip()
            continue
        before, colon, value = line.partition(b":")
        name = _text(before.strip()).lower() if colon else ""
        if name:
            headers.setdefault(name, _text(value.strip()))
    return headers


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _arc_line(line: bytes) -> dict[str, str] | None:
    """Return what the line before an ARC record says, in the words of WARC; None for another line.

    URL, server, time, type, and length as the last field; version 2 has five more before that. Old programs left blanks
    in addresses and in types.
    """
    parts = line.split(b" ")
    length = parts[-1].strip()
    if not SCHEME.match(line) or not length.isdigit():
        return None
    for index in range(2, len(parts) - 1):
        if ARC_DATE.fullmatch(parts[index]) and SERVER.fullmatch(parts[index - 1]):
            url = _text(b" ".join(parts[: index - 1]))
            kind = "response" if url.startswith(("http:", "https:")) else url.partition(":")[0]
            named = {"warc-type": kind, "warc-target-uri": url, "warc-date": _text(parts[index])}
            return named | {"content-length": _text(length)}
    return None
