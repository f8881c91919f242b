"""Revisits, and the records that hold their bytes: found by id, by address and time, or by digest, in any file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.imported_files import captures_in
from armcrawl.archive.reading import Captured, Original

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from armcrawl.archive.imported_files import File

# A revisit of a revisit of a revisit: each costs one more reading of all files.
MAX_HOPS = 5


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record stands: the first of several that fit is the one, whatever the order of the files."""

    rank: int
    moment: datetime
    url: str
    path: str
    offset: int
    file: File = field(compare=False)


LAST = Place(9, datetime.max.replace(tzinfo=UTC), "", "", 0, Path())


def find_originals(files: Sequence[File], wanted: Iterable[Original]) -> dict[Original, Place]:
    """Return where the records are that revisits refer to, as far as the files have them; reads all of them."""
    found = dict[Original, Place]()
    leads_to = dict[Original, Original]()
    missing = set(wanted)
    for _ in range(MAX_HOPS):
        if not missing:
            break
        places, hops = _look(files, missing)
        found |= places
        leads_to |= hops
        missing = set(hops.values()) - found.keys() - leads_to.keys()
    return {one: place for one in {*found, *leads_to} if (place := found.get(_followed(one, leads_to))) is not None}


def _followed(original: Original, leads_to: dict[Original, Original]) -> Original:
    for _ in range(MAX_HOPS):
        original = leads_to.get(original, original)
    return original


def _look(files: Sequence[File], wanted: set[Original]) -> tuple[dict[Original, Place], dict[Original, Original]]:
    """Read all files once; returns where originals are, and which turned out to be revisits themselves, and of what."""
    index = defaultdict[Hashable, list[Original]](list)
    for original in wanted:
        for _, name in _names(original.record_id, original.url, original.moment, original.digest):
            index[name].append(original)
    found, of = dict[Original, Place](), dict[Original, Original | None]()
    for file in files:
        for captured in captures_in(file):
            if not isinstance(captured, Captured):
                continue
            # A revisit has the digest of its original, and not its bytes.
            digest = captured.payload_digest if captured.original is None else None
            for rank, name in _names(captured.record_id, captured.url, captured.fetched_at, digest):
                place = Place(rank, captured.fetched_at, captured.url, str(file), captured.offset, file)
                for original in index.get(name, ()):
                    if captured.original != original and place < found.get(original, LAST):
                        found[original], of[original] = place, captured.original
    hops = {original: next_one for original, next_one in of.items() if next_one is not None}
    return {original: place for original, place in found.items() if original not in hops}, hops


def _names(
    record_id: str | None, url: str | None, moment: datetime | None, digest: str | None
) -> Iterator[tuple[int, Hashable]]:
    """Yield what a record is known by, the surest first. Some programs write times to the second."""
    if record_id:
        yield 0, ("id", record_id)
    if url and moment:
        yield 1, ("time", url, moment.replace(microsecond=0))
    if digest:
        yield 2, ("digest", digest)
