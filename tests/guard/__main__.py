"""`python -m tests.guard`: the page about what the guard sees, and how often it is wrong."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.sample.press.articles import DECLARATION

os.environ["ARMCRAWL_SITES"] = str(DECLARATION.parent)

from tests.guard.breakages import BREAKAGES
from tests.guard.nights import KINDS
from tests.guard.trying import QUIET_NIGHTS, is_hidden, quiet_nights, until_seen

if TYPE_CHECKING:
    from tests.guard.trying import Quiet, Seen

SEEDS = range(101, 106)
HEAD = """# What the guard sees

`python -m tests.guard` makes this page: forty breakages, made in the HTML of both sample portals, on five kinds of
sites, each from a random night on; and nights in which nothing happens but backfills, gaps, a new section and a
redesign that a person accepts. `tests/guard` has the simulator.

- In each cell: affected pages until the guard saw it, a night at a time, and in brackets the nights that had such
  pages. «–»: the parser reads the pages as before, so there is nothing to see.
- **by**: the measures that were told first.
"""
LAYOUTS = """An alarm is false where the pages show in that measure what they always did, or where a person accepted it
already. What is told of another layout is right: the site is made anew once in each run of nights, and backfills reach
pages of a layout before the first."""
HIDDEN = "ids have holes"


def breakages(number: int) -> dict[str, Seen]:
    """Try all breakages on a kind of site."""
    return until_seen(KINDS[number], SEEDS[0], BREAKAGES)


def quiet(job: tuple[int, int, int]) -> Quiet:
    """Let nights pass on a kind of site."""
    number, seed, nights = job
    return quiet_nights(KINDS[number], seed, nights)


def page(found: list[dict[str, Seen]], nights: list[list[Quiet]]) -> str:
    """Return the page; a kind of site each."""
    lines = [
        HEAD,
        f"| breakage | {' | '.join(kind.name for kind in KINDS)} | by |",
        "|---|" + "---|" * (len(KINDS) + 1),
    ]
    pages = []
    for one in BREAKAGES:
        seen = [by_name[one.name] for by_name in found]
        cells = [HIDDEN if is_hidden(one, kind) else _cell(it) for kind, it in zip(KINDS, seen, strict=True)]
        measures = dict.fromkeys(it.measure for it in seen if it.measure)
        pages += [it.affected for it in seen if it.measure]
        lines.append(f"| {one.name} | {' | '.join(cells)} | {', '.join(measures)} |")
    lines += ["", f"The median is {median(pages):.0f} affected pages.", "", "## False alarms", ""]
    lines += [LAYOUTS, "", "| site | nights | told of another layout | false alarms |", "|---|---|---|---|"]
    for kind, of_kind in zip(KINDS, nights, strict=True):
        numbers = ((one.nights, len(one.of_layouts), len(one.alarms)) for one in of_kind)
        lines.append(f"| {kind.name} | {' | '.join(map(str, map(sum, zip(*numbers, strict=True))))} |")
    return "\n".join(lines) + "\n"


def _cell(seen: Seen) -> str:
    if not seen.affected:
        return "–"
    if seen.measure is None:
        return f"not in {seen.affected}"
    return f"{seen.affected} ({seen.nights})" + ("" if seen.is_in_time else " late")


if __name__ == "__main__":
    # For a page in a hurry: `python -m tests.guard 40` lets fewer nights pass.
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else QUIET_NIGHTS
    with ProcessPoolExecutor() as pool:
        seen = list(pool.map(breakages, range(len(KINDS))))
        passed = list(pool.map(quiet, [(number, seed, nights) for number in range(len(KINDS)) for seed in SEEDS]))
    size = len(SEEDS)
    print(page(seen, [passed[number * size : (number + 1) * size] for number in range(len(KINDS))]), end="")
