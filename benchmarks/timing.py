"""How all benchmarks are timed: what is compared runs in turns, by two clocks.

A machine that others use too slows everything down, and not evenly: so each round measures every side once, as close
together as they can be, and only ratios within a round are looked at. Each round begins with another side, so that
what grows or warms up favours nobody.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Taken:
    """The seconds that something took: by the clock on the wall, and of processors.

    Processor time is this process's and that of its children that have ended; a server's is not in it, and it is 0
    where processes do the work that go on. Other programs hardly change it, but it does not tell waiting, nor work on
    two cores at once.
    """

    wall: float
    processor: float

    def each(self, number: int) -> Taken:
        """Return what one of so many took."""
        return Taken(self.wall / number, self.processor / number)

    def less(self, other: Taken) -> Taken:
        """Return what is left without a part."""
        return Taken(self.wall - other.wall, self.processor - other.processor)


class Stopwatch:
    """Measures from its making on."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), _processor()

    def taken(self) -> Taken:
        """Return what went by so far."""
        return Taken(time.perf_counter() - self.wall, _processor() - self.processor)


def _processor() -> float:
    times = os.times()
    # Finer than what `times` tells of this process.
    return time.process_time() + times.children_user + times.children_system


def timed(run: Callable[[], object], repeats: int = 1, before: Callable[[], object] | None = None) -> Taken:
    """Return what one run takes, in the mean over repeats; `before` is done first, and not measured."""
    if before is not None:
        before()
    watch = Stopwatch()
    for _ in range(repeats):
        run()
    return watch.taken().each(repeats)


def in_turns(rounds: int, sides: Mapping[str, Callable[[], Taken]]) -> dict[str, list[Taken]]:
    """Measure every side once in each round; return what each took, in the order of rounds."""
    found: dict[str, list[Taken]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(sides[name]())
    return found
