"""Files that have taken the place of others: an object in S3 is never overwritten, its name tells whose place it has.

Records stand at the same offsets in both, so who knows the old name finds them under the new one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ENDING = ".warc.gz"
COUNTED = re.compile(r"-w(\d{1,6})$")


def parted(name: str) -> tuple[str, int]:
    """Return a file's first name, without its ending, and how often another one has taken its place."""
    stem = name.removesuffix(ENDING)
    counted = COUNTED.search(stem)
    return (stem[: counted.start()], int(counted[1])) if counted else (stem, 0)


def next_name(name: str) -> str:
    """Return the name of a file that takes the place of another one."""
    stem, number = parted(name)
    return f"{stem}-w{number + 1}{ENDING}"


def newest_of(name: str, names: Iterable[str]) -> str | None:
    """Return which of some files has taken the place of another one last; None if none has."""
    stem, number = parted(name)
    later = [(one[1], other) for other in names if (one := parted(other))[0] == stem and one[1] > number]
    return max(later)[1] if later else None
