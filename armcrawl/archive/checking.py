"""Whether an archive's files can be read to their ends, and whether their digests hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator

from armcrawl.archive.reading import DAMAGE, quietly

if TYPE_CHECKING:
    from pathlib import Path

# Bodies are read in pieces of this size, so that memory stays flat.
PIECE = 1 << 16


@dataclass(slots=True)
class Checked:
    """One file: its records by type, where responses begin, and what is wrong."""

    name: str
    size: int
    records: Counter[str] = field(default_factory=Counter)
    answers: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def check_file(path: Path) -> Checked:
    """Read a file to its end, and check every digest."""
    checked = Checked(path.name, path.stat().st_size)
    with path.open("rb") as file:
        iterator = ArchiveIterator(file, check_digests=True)
        while True:
            try:
                with quietly():
                    record = next(iterator)
                    offset = iterator.offset
                    while record.raw_stream.read(PIECE):
                        pass
            except StopIteration:
                return checked
            except DAMAGE as error:
                checked.problems.append(f"damaged behind record {checked.records.total()}: {error}")
                return checked
            checked.records[record.rec_type] += 1
            if record.rec_type in {"response", "revisit"}:
                checked.answers[offset] = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            if record.digest_checker.passed is False:
                checked.problems.append(f"at {offset}: {'; '.join(record.digest_checker.problems)}")
