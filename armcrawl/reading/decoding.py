"""Content codings (RFC 9110, 8.4): what a server packed is unpacked whole, or not at all.

There is no other decoder, so that a page is the same whether it comes from the net, an archive or a file.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20
# A page of the trade press has 20 to 300 KB; 8 MB leaves room for any, and for nothing silly.
MAX_BODY = 8 * MEGABYTE
# More than any server puts on a body, and what curl allows: each costs as much as the largest body.
MAX_CODINGS = 5
# Servers that pack piece by piece make a few streams; each more costs a copy of what stands after it.
MAX_STREAMS = 100
# A header may hold anything; so much of it tells what is meant.
MAX_NAME_LENGTH = 40
GZIP, RAW_DEFLATE = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# Servers name a coding and send the page as it is, and some writers of archives unpack a body and keep its header.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,999}<[!?a-z]", re.IGNORECASE)
# A window of 8 MB is the largest that a sender may use (RFC 9659).
ZSTD_WINDOW = 23


class UndecodableError(ValueError):
    """A body cannot be unpacked; the message says why."""


class Plain(NamedTuple):
    """A body without its codings, and how many bytes stood after its end that are no part of it."""

    body: bytes
    trailing: int = 0


class Unpacking(Protocol):
    """One stream that is being unpacked, as zlib and zstd have it."""

    @property
    def eof(self) -> bool:
        """Whether its end was met."""

    @property
    def unused_data(self) -> bytes:
        """What stands after its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return what is packed in it, at most so much."""


def unpack(body: bytes, encoding: str | None, limit: int = MAX_BODY) -> Plain:
    """Return a body without its content codings; `encoding` is the header as it was sent, None without one.

    An empty body stays empty: an answer to 304 names the coding of a body that it does not have. What cannot be
    unpacked and begins as markup is packed with nothing. Bytes after the end of a stream that its own checksum proves
    whole are counted and passed over, as browsers do: some programs print a line break or a comment after it.
    Raises UndecodableError for a coding that is not known, a stream that is damaged, cut, or none, and more than
    `limit` bytes in it.
    """
    if not body:
        return Plain(body)
    codings = [name for part in (encoding or "").split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(codings) > MAX_CODINGS:
        raise UndecodableError(f"the answer is encoded {len(codings)} times")
    trailing = 0
    for coding in reversed(codings):
        try:
            body, rest = _undo(coding, body, limit)
        except UndecodableError:
            if MARKUP.match(body):
                break
            raise
        trailing += rest
    return Plain(body, trailing)


def _undo(coding: str, body: bytes, limit: int) -> Plain:
    if not body:
        return Plain(body)
    undo = UNPACKERS.get(coding)
    if undo is None:
        raise UndecodableError(f"the answer is encoded as {coding[:MAX_NAME_LENGTH]}, which is not known")
    return undo(body, limit)


def _gzip(body: bytes, limit: int) -> Plain:
    return _streams(body, limit, "gzip", GZIP_MAGIC, lambda: zlib.decompressobj(GZIP), zlib.error)


def _zstd(body: bytes, limit: int) -> Plain:
    # Imported when it is met: few servers send it unasked.
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # since Python 3.14
    except ImportError:
        from backports import zstd

    options = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW}
    return _streams(body, limit, "zstd", ZSTD_MAGIC, lambda: zstd.ZstdDecompressor(options=options), zstd.ZstdError)


def _deflate(body: bytes, limit: int) -> Plain:
    """Undo zlib, which the name means, or raw deflate, which some servers take it for."""
    try:
        return _deflate_stream(body, limit, zlib.MAX_WBITS)
    except zlib.error as error:
        try:
            found = _deflate_stream(body, limit, RAW_DEFLATE)
        except zlib.error:
            raise UndecodableError(f"the answer is damaged deflate: {error}") from error
    # It has no checksum: what ends early may be noise.
    if found.trailing:
        raise UndecodableError(f"the answer is raw deflate with {found.trailing} other bytes after its end")
    return found


def _deflate_stream(body: bytes, limit: int, window: int) -> Plain:
    unpacking = zlib.decompressobj(window)
    return Plain(_content(unpacking, body, b"", limit, "deflate"), _rest(unpacking.unused_data))


def _brotli(body: bytes, limit: int) -> Plain:
    # Imported when it is met, as zstd is. It has no checksum either, and takes nothing after its end.
    import brotli

    unpacking, plain = brotli.Decompressor(), b""
    try:
        # It hands out blocks of its own size, so that it may need to be asked again.
        while piece := unpacking.process(b"" if plain else body, output_buffer_limit=limit + 1 - len(plain)):
            plain += piece
            if len(plain) > limit:
                raise _too_large(limit)
    except brotli.error as error:
        raise UndecodableError("the answer is damaged br, or more stands after its end") from error
    if not unpacking.is_finished():
        raise _cut("br")
    return Plain(plain)


def _streams(
    body: bytes,
    limit: int,
    name: str,
    magic: bytes,
    begin: Callable[[], Unpacking],
    damage: type[Exception],
) -> Plain:
    """Undo a coding whose streams may stand one after another, as both formats allow."""
    if not body.startswith(magic[: len(body)]):
        raise UndecodableError(f"the answer is damaged {name}: it does not begin as {name} does")
    plain = b""
    for _ in range(MAX_STREAMS):
        unpacking = begin()
        try:
            plain = _content(unpacking, body, plain, limit, name)
        except damage as error:
            raise UndecodableError(f"the answer is damaged {name}: {error}") from error
        body = unpacking.unused_data
        if not body.startswith(magic):
            return Plain(plain, _rest(body))
    raise UndecodableError(f"the answer is {name} in more than {MAX_STREAMS} streams")


def _content(unpacking: Unpacking, body: bytes, before: bytes, limit: int, name: str) -> bytes:
    """Return the content of a stream after that of those before it."""
    # One byte more than there is room for tells that it is too large.
    plain = before + unpacking.decompress(body, limit - len(before) + 1)
    if len(plain) > limit:
        raise _too_large(limit)
    if not unpacking.eof:
        raise _cut(name)
    return plain


def _rest(rest: bytes) -> int:
    """Return how much stands after a stream's end, but for zeros: they fill blocks up."""
    return len(rest.strip(b"\0"))


def _cut(name: str) -> UndecodableError:
    return UndecodableError(f"the answer is {name} that is cut in the middle")


def _too_large(limit: int) -> UndecodableError:
    return UndecodableError(f"the answer unpacks to more than {limit // MEGABYTE} MB")


UNPACKERS: dict[str, Callable[[bytes, int], Plain]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
