"""Whether a record's digests hold, as far as they can be checked.

Programs differ in algorithm, in spelling, and in what they call the payload: the body as sent, without its chunks, or
unpacked. What fits one of these fits; what cannot be checked says nothing.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b32decode, b64decode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}
# Of base 64 with other characters for 62 and 63.
SAFE = str.maketrans("-_", "+/")


def is_wrong(written: str | None, candidates: Iterable[Callable[[], bytes]]) -> bool:
    """Tell whether a digest can be checked and is of none of some bytes, which are made only when they are needed."""
    algorithm, _, value = (written or "").partition(":")
    name = algorithm.strip().lower().replace("-", "")
    if name not in ALGORITHMS:
        return False
    said = _values(value.strip(), hashlib.new(name, usedforsecurity=False).digest_size)
    if not said:
        return False
    return not any(hashlib.new(name, made(), usedforsecurity=False).digest() in said for made in candidates)


def _values(value: str, size: int) -> set[bytes]:
    """Return what a digest of so many bytes may be that is written in base 16, 32 or 64."""
    found = set[bytes]()
    bare = value.rstrip("=")
    decoders: tuple[Callable[[], bytes], ...] = (
        lambda: bytes.fromhex(bare),
        lambda: b32decode(bare.upper() + "=" * (-len(bare) % 8)),
        lambda: b64decode(bare.translate(SAFE) + "=" * (-len(bare) % 4), validate=True),
    )
    for decode in decoders:
        try:
            found.add(decode())
        except (ValueError, binascii.Error):
            continue
    return {one for one in found if len(one) == size}
