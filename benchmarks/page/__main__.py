"""Make `docs/performance.md`: `python -m benchmarks.page [--take]`.

It is made of `benchmarks/records`. With `--take` what the last benchmarks left in `data/` is put there first.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from benchmarks.page import growth, limits, peers

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP = Path(__file__).parents[2]
RECORDS, DATA, DOCS = TOP / "benchmarks" / "records", TOP / "data", TOP / "docs"
TEMPLATE = Path(__file__).parent / "template.md"
PAGE, CHART = "performance.md", "performance-growth.svg"
NOT_YET = "Not measured: `make {}` does."
TAKEN = ("bench.json", "peers.json")
# What speed depends on, and tells nobody whose machine it was.
MACHINE = ("processor", "cores", "memory_mb", "load")


def main() -> None:
    """Write the page, and its chart if there are curves."""
    parser = ArgumentParser(prog="python -m benchmarks.page")
    parser.add_argument("--take", action="store_true", help="take the records of the last benchmarks from data/")
    if parser.parse_args().take:
        for name in TAKEN:
            take(DATA / name, RECORDS / name)
    for name, text in made(RECORDS).items():
        (DOCS / name).write_text(text, encoding="utf-8")


def take(file: Path, record: Path) -> None:
    """Put what was measured in the place of earlier records of the same, without what names a machine."""
    kept = read(record)
    for name, found in read(file).items():
        kept[name] = found | {"machine": {part: found["machine"][part] for part in MACHINE}}
    if kept:
        record.parent.mkdir(exist_ok=True)
        record.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """Return a record, an empty one if there is none."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def made(records: Path) -> dict[str, str]:
    """Return the page and its chart."""
    bench, beside = read(records / "bench.json"), read(records / "peers.json")
    curves = read(records / "growth.json").get("curves", [])
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        _beside(beside),
        machines=machines([*bench.values(), *beside.values()]),
        limits=limits.limits(bench) if bench else NOT_YET.format("bench"),
        growth=growth.growth(curves, CHART) if curves else NOT_YET.format("bench-scale"),
    )
    return {PAGE: page} | ({CHART: growth.drawn(curves)} if curves else {})


def machines(found: Sequence[dict[str, Any]]) -> str:
    """Return on what was measured, and when, and whether others kept the machine too busy to go by its clock."""
    told: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for one in found:
        told.setdefault((one["machine"]["cores"], round(one["machine"]["memory_mb"] / 1024)), []).append(one)
    return "\n".join(
        f"Measured on {cores} cores and {memory} GB, {_span([one['ended_at'][:10] for one in its])}. "
        f"{_busy(max(one['machine']['load'] for one in its), cores)}"
        for (cores, memory), its in told.items()
    )


def _busy(load: float, cores: int) -> str:
    quiet = f"Up to {load:.1f} processes wanted a core."
    if load <= cores + 1:  # a benchmark itself is one, and its server another
        return quiet
    return f"**{quiet} Whatever is told by the clock is too high, or too low where more is better; ratios hold.**"


def _span(days: Sequence[str]) -> str:
    return max(days) if min(days) == max(days) else f"{min(days)} to {max(days)}"


def _beside(found: dict[str, Any]) -> dict[str, str]:
    """Return what the template says of peers."""
    rows = {name: one["rows"] for name, one in found.items()}
    versions = {name: version for one in found.values() for name, version in one["versions"].items()}
    tables = {"reading": peers.readers, "search": peers.searches, "copies": peers.copies, "stages": peers.stages}
    told = {name: make(rows[name]) if name in rows else NOT_YET.format("bench-peers") for name, make in tables.items()}
    counts = {"articles": ("search", "articles"), "texts": ("copies", "texts"), "pairs": ("copies", "known pairs")}
    return {
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "readers": told["reading"],
        "searches": told["search"],
        "copies": told["copies"],
        "stages": told["stages"],
        **{name: f"{rows[of][0][key]:,}" if of in rows else "some" for name, (of, key) in counts.items()},
    }


if __name__ == "__main__":
    main()
