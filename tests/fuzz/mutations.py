"""Changes of bytes, as damage and malice make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

# Twice what a large page has, so that quadratic time shows: a hundred times slower at a quarter of a megabyte.
MAX_INPUT = 1 << 18
MAX_CHANGES = 6
MAX_RUN_LENGTH = 64
NUMBERS = (b"0", b"-1", b"00", b"2147483648", b"9223372036854775808", b"1e999", b"9" * 25, b"9" * 5000, b"\xd9\xa3")


def mutate(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    """Return data with some changes; it grows to `MAX_INPUT` bytes at most."""
    for _ in range(random.randint(1, MAX_CHANGES)):
        data = random.choice(CHANGES)(random, data, fragments)[:MAX_INPUT]
    return data


def _flip(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    del fragments
    place = random.randrange(len(data) + 1)
    return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]


def _insert_noise(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    del fragments
    place = random.randrange(len(data) + 1)
    return data[:place] + random.randbytes(random.randint(1, MAX_RUN_LENGTH)) + data[place:]


def _insert_fragment(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(fragments) + data[place:]


def _flood(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    """Insert one or two fragments, over and over."""
    place = random.randrange(len(data) + 1)
    piece = b"".join(random.choices(fragments, k=random.randint(1, 2))) or b"x"
    times = random.choice((10, 100, 1000, MAX_INPUT // len(piece)))
    return data[:place] + piece * min(times, MAX_INPUT // len(piece)) + data[place:]


def _repeat_slice(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    del fragments
    start, end = _slice(random, data)
    return data[:end] + data[start:end] * random.choice((1, 2, 10, 100)) + data[end:]


def _remove_slice(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    del fragments
    start, end = _slice(random, data)
    return data[:start] + data[end:]


def _cut(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    del fragments
    return data[: random.randrange(len(data) + 1)]


def _replace_number(random: Random, data: bytes, fragments: Sequence[bytes]) -> bytes:
    """Put an odd number in the place of one that is there."""
    del fragments
    places = [place for place, byte in enumerate(data[:MAX_INPUT]) if byte in b"0123456789"]
    if not places:
        return data
    start = end = random.choice(places)
    while end < len(data) and data[end] in b"0123456789":
        end += 1
    return data[:start] + random.choice(NUMBERS) + data[end:]


def _slice(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 10, MAX_RUN_LENGTH, 1000, len(data))))


CHANGES = (_flip, _insert_noise, _insert_fragment, _flood, _repeat_slice, _remove_slice, _cut, _replace_number)
