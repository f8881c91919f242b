"""Whether an archive's files can be read to their ends, and whether their digests hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from armcrawl.archive.frames import Fault, frames_of
from armcrawl.archive.reading import REVISIT, is_damaged

if TYPE_CHECKING:
    from armcrawl.archive.storage import StoredFile


@dataclass(slots=True)
class Checked:
    """One file: its records by type, where responses begin, and what is wrong."""

    name: str
    size: int
    records: Counter[str] = field(default_factory=Counter)
    answers: dict[int, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def check_file(stored: StoredFile) -> Checked:
    """Read a file to its end, and check every digest."""
    checked = Checked(stored.name, stored.size)
    with stored.open() as file:
        for frame in frames_of(file):
            if isinstance(frame, Fault):
                checked.problems.append(f"at {frame.offset}: {frame.reason}")
                continue
            checked.records[frame.kind] += 1
            if frame.kind in {"response", REVISIT}:
                checked.answers[frame.offset] = frame.headers.get("warc-payload-digest", "")
            if frame.is_cut:
                checked.problems.append(f"at {frame.offset}: the file ends in the middle of a record")
            elif is_damaged(frame):
                checked.problems.append(f"at {frame.offset}: a digest is wrong")
    return checked
