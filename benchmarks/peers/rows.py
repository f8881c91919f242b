"""Rows of the record of peers: what was measured of one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from benchmarks.report import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

# The peer's name under "peer", and its figures: a number where it is always the same, else a median with its interval.
Row = dict[str, Any]

# What the judge of real pages says in its last line.
SHARES = re.compile(r"(title|date|recall|leak|tags) ([\d.]+)")
COUNTS = re.compile(r"(articles refused|homes refused|others) (\d+)/(\d+)")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return a median of rounds, and its interval as `benchmarks.report` tells it."""
    found = Interval.of(values)
    return {"median": found.middle, "low": found.low, "high": found.high}


def told(line: str) -> Row:
    """Return the shares of a judge's line, and of what it counts, too."""
    shares: Row = {name: float(value) for name, value in SHARES.findall(line)}
    return shares | {name: round(int(some) / int(of), 4) for name, some, of in COUNTS.findall(line)}
