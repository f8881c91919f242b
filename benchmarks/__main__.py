"""Run benchmarks: `python -m benchmarks`, those over many pages with `--scale`, or those named.

A benchmark is a function that returns rows (`benchmarks.report`), measured in turns (`benchmarks.timing`). A new one
is written in a file of its own and named below: under BENCHMARKS if it takes less than two minutes, under SCALE if it
is about many pages.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from benchmarks.analysts import analysts
from benchmarks.crawling import faults, memory, rate
from benchmarks.deciding import deciding
from benchmarks.ending import ending
from benchmarks.growth import growth
from benchmarks.indexing import indexing
from benchmarks.ledger import million
from benchmarks.reading import reading
from benchmarks.rebuilding import rebuilding
from benchmarks.recalling import recall
from benchmarks.record import Record
from benchmarks.rereading import rereading, rereading_much
from benchmarks.russian import russian
from benchmarks.scale import scale
from benchmarks.searching import searching, searching_much
from benchmarks.storing import storing
from benchmarks.timing import Stopwatch
from benchmarks.views import views

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.report import Figure

# Eleven minutes together on a quiet machine of two cores.
BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "reading": reading,
    "russian": russian,
    "rate": rate,
    "storing": storing,
    "deciding": deciding,
    "ledger": million,
    "rereading": rereading,
    "indexing": indexing,
    "searching": searching,
}
# What only many pages show, within fifty minutes: memory, and whether something grows with the archive. What `growth`
# fills is asked by the two after it.
SCALE: dict[str, Callable[[], list[Figure]]] = {
    "memory": memory,
    "faults": faults,
    "analysts": analysts,
    "rereading-much": rereading_much,
    "scale": scale,
    "recall": recall,
    "rebuilding": rebuilding,
    "ending": ending,
    "growth": growth,
    "views": views,
    "searching-much": searching_much,
}


def main() -> None:
    """Print every row, and record it; exit 1 if one lies beyond its limit for sure."""
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--scale", action="store_true", help="those over many pages")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS | SCALE))
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS | SCALE):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    record = Record()
    figures: list[Figure] = []
    for name in given.names or (SCALE if given.scale else BENCHMARKS):
        print(f"{name}:", flush=True)
        watch = Stopwatch()
        measured = (BENCHMARKS | SCALE)[name]()
        record.add(name, measured, watch.taken())
        print(*measured, f"     {watch.taken().wall:.0f} s", sep="\n", flush=True)
        figures += measured
    verdicts = [figure.verdict for figure in figures]
    print(f"{len(figures)} rows: {verdicts.count('MISS')} beyond the limit, {verdicts.count('open')} too near to tell.")
    sys.exit("MISS" in verdicts)


if __name__ == "__main__":
    main()
