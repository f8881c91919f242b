"""Run all benchmarks, or those named: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import sys

from benchmarks.analysts import analysts
from benchmarks.crawling import faults, memory, rate
from benchmarks.ending import ending
from benchmarks.ledger import million
from benchmarks.reading import reading
from benchmarks.rebuilding import rebuilding
from benchmarks.rereading import rereading
from benchmarks.russian import russian
from benchmarks.scale import scale
from benchmarks.searching import searching
from benchmarks.storing import storing

# Take minutes: named only.
LONG = {"scale": scale, "rebuilding": rebuilding, "ending": ending}
BENCHMARKS = {
    "reading": reading,
    "russian": russian,
    "rate": rate,
    "memory": memory,
    "faults": faults,
    "storing": storing,
    "searching": searching,
    "analysts": analysts,
    "ledger": million,
    "rereading": rereading,
}


def main() -> None:
    """Print every figure with its limit; exit 1 if one is missed."""
    figures = []
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"{name}:", flush=True)
        measured = (BENCHMARKS | LONG)[name]()
        figures += measured
        print(*measured, sep="\n", flush=True)
    sys.exit(not all(figure.holds for figure in figures))


if __name__ == "__main__":
    main()
