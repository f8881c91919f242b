"""An article's place among all: a number by which both databases give the newest first without sorting."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.addresses import PageKey

DAY_BITS, NUMBER_BITS, SECTION_BITS = 20, 36, 7
LAST_DAY = (1 << DAY_BITS) - 1  # in the year 2871
# Articles without a date have day 0.
FIRST_DATED = 1 << (NUMBER_BITS + SECTION_BITS)


def place_of(day: date | None, key: PageKey) -> int:
    """Return an article's place among all: by day, then by id; those without a day come last.

    A 63-bit number: 20 bits of the day, 36 of the id (of its hash, where ids are no numbers), 7 of the section's hash.
    """
    number = key.number if key.number is not None else _hash(str(key), NUMBER_BITS)
    section = _hash(f"{key.site}/{key.section}", SECTION_BITS)
    high = min(day.toordinal() if day else 0, LAST_DAY) << (NUMBER_BITS + SECTION_BITS)
    return high | (number % (1 << NUMBER_BITS)) << SECTION_BITS | section


def places_between(first: date | None, last: date | None) -> tuple[int, int]:
    """Return the lowest and the highest place of articles between two days, both included."""
    shift = NUMBER_BITS + SECTION_BITS
    lowest = min(first.toordinal() if first else int(last is not None), LAST_DAY) << shift
    return lowest, min(((last.toordinal() + 1) if last else 1 << DAY_BITS), 1 << DAY_BITS) * (1 << shift) - 1


def _hash(text: str, bits: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> (64 - bits)


def day_of(place: int | None) -> date | None:
    """Return the day of a place; None for a place without one."""
    ordinal = (place or 0) >> (NUMBER_BITS + SECTION_BITS)
    return date.fromordinal(ordinal) if ordinal else None
