"""The order of articles by date: a number for each, its place, so that neither database sorts for the newest."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.sites import PageKey

# Eleven bits tell a hundred sections apart, but for one or two pairs; what two share is counted by their pages.
DAY_BITS, NUMBER_BITS, SECTION_BITS = 20, 32, 11
DAY_SHIFT = NUMBER_BITS + SECTION_BITS
LAST_DAY = (1 << DAY_BITS) - 1  # in the year 2871
# Articles without a date have day 0.
FIRST_DATED = 1 << DAY_SHIFT
# The Julian day, by which SQLite counts, of the day before 1 January of the year 1; it is in the year 0.
JULIAN_DAY_0 = 1_721_424.5


def place_of(day: date | None, key: PageKey) -> int:
    """Return an article's place among all: by day, then by id; those without a day come last.

    A 63-bit number: 20 bits of the day, 32 of the id (of its hash, where ids are no numbers), 11 of the section's hash.
    """
    number = key.number if key.number is not None else _hash(str(key), NUMBER_BITS)
    high = min(day.toordinal() if day else 0, LAST_DAY) << DAY_SHIFT
    return high | (number % (1 << NUMBER_BITS)) << SECTION_BITS | section_bits(key.site, key.section)


def section_bits(site: str, section: str) -> int:
    """Return the lowest 11 bits of the places of a section's articles."""
    return _hash(f"{site}/{section}", SECTION_BITS)


def places_between(first: date | None, last: date | None) -> tuple[int, int]:
    """Return the lowest and the highest place of articles between two days, both included."""
    lowest = min(first.toordinal() if first else int(last is not None), LAST_DAY) << DAY_SHIFT
    return lowest, min(((last.toordinal() + 1) if last else 1 << DAY_BITS), 1 << DAY_BITS) * (1 << DAY_SHIFT) - 1


def _hash(text: str, bits: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> (64 - bits)


def day_of(place: int | None) -> date | None:
    """Return the day of a place; None for a place without one."""
    ordinal = (place or 0) >> DAY_SHIFT
    return date.fromordinal(ordinal) if ordinal else None
