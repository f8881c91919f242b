"""Rows of the record of peers: what was measured of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.report import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

# The peer's name under "peer", and its figures: a number where it is always the same, else a median with its interval.
Row = dict[str, Any]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return a median of rounds, and its interval as `benchmarks.report` tells it."""
    found = Interval.of(values)
    return {"median": found.middle, "low": found.low, "high": found.high}
