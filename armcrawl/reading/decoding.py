"""Content codings (RFC 9110, 8.4): a compressed body is decompressed completely, or refused.

This is the only decoder, so that a page reads the same whether it comes from the network, an archive or a file.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20
# Bytes after decompression. Pages of the trade press have 20 to 300 KB; anything above 8 MB is an attack or no page.
MAX_BODY = 8 * MEGABYTE
# Web pages pack to a fifth or a tenth, lists of one template to a fiftieth. What unpacks to a hundred times its size is
# a bomb, but for so few bytes that they cost nothing.
MAX_SHRUNK, LEEWAY = 100, 64 << 10
# Codings stacked on one body. Servers use one or two, and curl allows five.
MAX_CODINGS = 5
# Compressed streams that follow one another in a body. Servers that compress in pieces send a few; each further stream
# costs a copy of all bytes after it.
MAX_STREAMS = 100
# Characters of an unknown coding's name that an error message repeats: the header may hold anything.
MAX_NAME_LENGTH = 40
GZIP, RAW_DEFLATE = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# What the messages say of a body that lacks its end, and of one that unpacks to too much.
IS_CUT, IS_LARGE = "cut in the middle", "unpacks to more than"
# What plain HTML begins with. Some servers name a coding but send the page uncompressed, and some archive writers
# decompress a body but keep its header.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,999}<[!?a-z]", re.IGNORECASE)
# The logarithm of a window of 8 MB, the largest that a sender may use (RFC 9659).
ZSTD_WINDOW = 23


class UndecodableError(ValueError):
    """A body cannot be decompressed; the message says why."""


class Plain(NamedTuple):
    """A decompressed body, and how many bytes followed the end of the compressed data."""

    body: bytes
    trailing: int = 0


class Unpacking(Protocol):
    """The decompressor of one stream, as zlib and zstd provide it."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was reached."""

    @property
    def unused_data(self) -> bytes:
        """The bytes after the end of the stream."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most `max_length` decompressed bytes."""


def unpack(body: bytes, encoding: str | None, limit: int = MAX_BODY) -> Plain:
    """Return a body without its content codings; `encoding` is the Content-Encoding header as sent, None without one.

    An empty body stays empty, as a 304 response names a coding but has no body. A body that cannot be decompressed and
    begins as markup was never compressed. Bytes after the end of a stream with a valid checksum are counted and
    ignored, as browsers do, because some programs print a line break or a comment there.

    Raises UndecodableError if a coding is unknown, a stream is damaged or cut, or it unpacks, in all its codings
    together, to more than `limit` bytes or than MAX_SHRUNK times its size.
    """
    if not body:
        return Plain(body)
    codings = [name for part in (encoding or "").split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(codings) > MAX_CODINGS:
        raise UndecodableError(f"the answer is encoded {len(codings)} times")
    trailing, left = 0, _Limit(min(limit, max(LEEWAY, MAX_SHRUNK * len(body))), limit)
    for coding in reversed(codings):
        try:
            body, rest = _undo(coding, body, left)
        except UndecodableError:
            if MARKUP.match(body):
                break
            raise
        trailing += rest
    return Plain(body, trailing)


class _Limit:
    """The bytes to which a body may unpack yet."""

    def __init__(self, left: int, limit: int) -> None:
        self.left, self.limit, self.is_of_size = left, limit, left < limit

    def take(self, plain: bytes) -> bytes:
        """Take note of bytes that were unpacked, and return them; raises UndecodableError where they are too many."""
        self.left -= len(plain)
        if self.left < 0:
            bound = f"{MAX_SHRUNK} times its size" if self.is_of_size else f"{self.limit // MEGABYTE} MB"
            raise UndecodableError(f"the answer {IS_LARGE} {bound}")
        return plain


def _undo(coding: str, body: bytes, limit: _Limit) -> Plain:
    if not body:
        return Plain(body)
    undo = UNPACKERS.get(coding)
    if undo is None:
        raise UndecodableError(f"the answer is encoded as {coding[:MAX_NAME_LENGTH]}, which is not known")
    return undo(body, limit)


def _gzip(body: bytes, limit: _Limit) -> Plain:
    return _streams(body, limit, "gzip", GZIP_MAGIC, lambda: zlib.decompressobj(GZIP), zlib.error)


def zstd_module() -> Any:
    """Return the module for zstd: imported only when needed, as few servers send it unasked."""
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # since Python 3.14
    except ImportError:
        from backports import zstd
    return zstd


def _zstd(body: bytes, limit: _Limit) -> Plain:
    zstd = zstd_module()
    options = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
    return _streams(body, limit, "zstd", ZSTD_MAGIC, lambda: zstd.ZstdDecompressor(options=options), zstd.ZstdError)


def _deflate(body: bytes, limit: _Limit) -> Plain:
    """Decompress zlib, which the name stands for, or raw deflate, which some servers send under that name."""
    try:
        return _deflate_stream(body, limit, zlib.MAX_WBITS)
    except zlib.error as error:
        try:
            found = _deflate_stream(body, limit, RAW_DEFLATE)
        except zlib.error:
            raise UndecodableError(f"the answer is damaged deflate: {error}") from error
    # Raw deflate has no checksum, so a stream that ends before the body does may be noise that happens to decode.
    if found.trailing:
        raise UndecodableError(f"the answer is raw deflate with {found.trailing} other bytes after its end")
    return found


def _deflate_stream(body: bytes, limit: _Limit, window: int) -> Plain:
    unpacking = zlib.decompressobj(window)
    return Plain(_content(unpacking, body, limit, "deflate"), _rest(unpacking.unused_data))


def _brotli(body: bytes, limit: _Limit) -> Plain:
    # Imported only when needed, as zstd is. Brotli has no checksum either, and its decoder refuses bytes after the end.
    import brotli

    unpacking, pieces = brotli.Decompressor(), list[bytes]()
    try:
        # The decoder returns blocks of its own size, so it may take several calls.
        while piece := unpacking.process(b"" if pieces else body, output_buffer_limit=limit.left + 1):
            pieces.append(limit.take(piece))
    except brotli.error as error:
        raise UndecodableError("the answer is damaged br, or has other bytes after its end") from error
    if not unpacking.is_finished():
        raise _cut("br")
    return Plain(b"".join(pieces))


def _streams(
    body: bytes,
    limit: _Limit,
    name: str,
    magic: bytes,
    begin: Callable[[], Unpacking],
    damage: type[Exception],
) -> Plain:
    """Decompress a body of one or several streams in a row, which both gzip and zstd allow."""
    if not body.startswith(magic[: len(body)]):
        raise UndecodableError(f"the answer is damaged {name}: its first bytes are not those of {name}")
    parts = list[bytes]()
    for _ in range(MAX_STREAMS):
        unpacking = begin()
        try:
            parts.append(_content(unpacking, body, limit, name))
        except damage as error:
            raise UndecodableError(f"the answer is damaged {name}: {error}") from error
        body = unpacking.unused_data
        if not body.startswith(magic):
            return Plain(b"".join(parts), _rest(body))
    raise UndecodableError(f"the answer is {name} in more than {MAX_STREAMS} streams")


def _content(unpacking: Unpacking, body: bytes, limit: _Limit, name: str) -> bytes:
    """Return the content of a stream."""
    # One byte more than the limit is asked for, which shows that the content is too large.
    plain = limit.take(unpacking.decompress(body, limit.left + 1))
    if not unpacking.eof:
        raise _cut(name)
    return plain


def _rest(rest: bytes) -> int:
    """Return the number of bytes after a stream's end, without zeros, which only pad blocks."""
    return len(rest.strip(b"\0"))


def _cut(name: str) -> UndecodableError:
    return UndecodableError(f"the answer is {name} that is {IS_CUT}")


UNPACKERS: dict[str, Callable[[bytes, _Limit], Plain]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
