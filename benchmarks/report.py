"""A row of the report: what was measured in each round, how sure that is, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.timing import Taken

# Of a hundred medians at least ninety lie within such an interval. Five rounds are the fewest that can tell so much.
MIN_COVERAGE = 0.9
WALL, PROCESSOR = "wall time", "processor time"
NOT_MEASURED = "NOT MEASURED"


@dataclass(frozen=True, slots=True)
class Interval:
    """A median, and two of the values between which that of endless rounds lies, as often as `coverage` tells.

    The interval of order statistics, from the sign test: whatever the noise is like, the chance that the true median
    lies below the k-th lowest of n values is that of less than k heads in n throws of a coin (H. A. David, H. N.
    Nagaraja, Order Statistics, 3rd ed., 7.1). Fewer than five values give their whole range, with what that covers.
    """

    middle: float
    low: float
    high: float
    coverage: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Interval:
        """Return the narrowest such interval that covers enough."""
        ordered, number = sorted(values), len(values)
        narrowest = max((cut for cut in range(number // 2) if _coverage(number, cut) >= MIN_COVERAGE), default=0)
        low, high = ordered[narrowest], ordered[number - 1 - narrowest]
        return cls(median(ordered), low, high, _coverage(number, narrowest))


def _coverage(number: int, cut: int) -> float:
    """Return how sure an interval is that leaves out so many values at either end."""
    return 1 - 2 * sum(comb(number, heads) for heads in range(cut + 1)) / (1 << number)


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, once in each round, and what it may be at most (or must be at least).

    `values` decide, by the clock that `judged_by` names; `beside` are the same by the other one. What is no time, as
    memory, is measured once, and has no clock. What could not be measured has no values, and tells `why`.
    """

    name: str
    values: Sequence[float]
    limit: float
    at_least: bool = False
    judged_by: str | None = None
    beside: Sequence[float] = field(default=())
    why: str = ""

    @property
    def verdict(self) -> str:
        """`ok` or `MISS` where the whole interval lies on one side of the limit, else `open`; or `NOT MEASURED`."""
        if not self.values:
            return NOT_MEASURED
        interval = Interval.of(self.values)
        ends = (interval.low, interval.high)
        keeps = [value >= self.limit if self.at_least else value <= self.limit for value in ends]
        if all(keeps):
            return "ok"
        return "open" if any(keeps) else "MISS"

    def __str__(self) -> str:
        if not self.values:
            return f"{self.verdict} {self.name}: {self.why}"
        found = Interval.of(self.values)
        spread = f" [{found.low:.3g} to {found.high:.3g}]" if len(self.values) > 1 else ""
        beside = ""
        if self.beside:
            other = PROCESSOR if self.judged_by == WALL else WALL
            beside = f"; {median(self.beside):.3g} by {other}"
        clock = f", {self.judged_by}{beside}" if self.judged_by else ""
        bound = "at least" if self.at_least else "at most"
        return f"{self.verdict:4} {self.name}: {found.middle:.3g}{spread} ({bound} {self.limit:.3g}{clock})"

    def to_json(self) -> dict[str, Any]:
        """Return all of it, to be compared with other runs and other machines."""
        row: dict[str, Any] = {"name": self.name, "verdict": self.verdict, "limit": self.limit}
        row |= {"at_least": self.at_least, "judged_by": self.judged_by}
        if self.why:
            row["why"] = self.why
        for name, values in (("", self.values), ("other_clock_", self.beside)):
            if values:
                found = Interval.of(values)
                row |= {f"{name}median": found.middle, f"{name}low": found.low, f"{name}high": found.high}
                row |= {f"{name}coverage": found.coverage, f"{name}values": list(values)}
        return row


def once(name: str, value: float, limit: float, *, at_least: bool = False) -> Figure:
    """Return the row of what does not change with a machine's mood: bytes, growth of memory, open files."""
    return Figure(name, [value], limit, at_least)


def not_measured(name: str, why: str, limit: float) -> Figure:
    """Return the row of what could not be measured here, which is never a good result."""
    return Figure(name, [], limit, why=why)


def ratio(
    name: str, one: Sequence[Taken], other: Sequence[Taken], limit: float, *, by: str, at_least: bool = False
) -> Figure:
    """Return the row of what one side took against another, round by round."""
    wall = [mine.wall / its.wall for mine, its in zip(one, other, strict=True)]
    processor = [mine.processor / its.processor for mine, its in zip(one, other, strict=True) if its.processor]
    return _by(name, wall, processor, limit, by=by, at_least=at_least)


def amount(name: str, taken: Sequence[Taken], limit: float, *, by: str, units: float = 1) -> Figure:
    """Return the row of what something took, in units of which a second has so many."""
    wall, processor = [one.wall * units for one in taken], [one.processor * units for one in taken]
    return _by(name, wall, processor, limit, by=by)


def speed(name: str, taken: Sequence[Taken], number: int, limit: float, *, by: str) -> Figure:
    """Return the row of how many of so many were done in a second, which must be enough."""
    wall, processor = [number / one.wall for one in taken], [number / one.processor for one in taken if one.processor]
    return _by(name, wall, processor, limit, by=by, at_least=True)


def _by(
    name: str, wall: Sequence[float], processor: Sequence[float], limit: float, *, by: str, at_least: bool = False
) -> Figure:
    if by == WALL:
        return Figure(name, wall, limit, at_least, WALL, processor)
    return Figure(name, processor, limit, at_least, PROCESSOR, wall)
