"""How a cost grows with the number of articles: curves, kept as `benchmarks/records/growth.json` for docs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING, Any

from benchmarks.report import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.report import Figure

FILE = Path(__file__).parent / "records" / "growth.json"
# From ten thousand to a million n log n rises as the power 1.09; the rest is noise.
MAX_EXPONENT = 1.15


@dataclass(frozen=True, slots=True)
class Curve:
    """What something costs among so many articles; `explained` says in a sentence why it grows faster than it may."""

    name: str
    unit: str
    points: Sequence[tuple[int, float]]
    explained: str = ""

    @property
    def growth(self) -> float:
        """The power of the number of articles that the cost grows with: by least squares over the logarithms."""
        sizes, values = ([log(one) for one in side] for side in zip(*self.points, strict=True))
        return linear_regression(sizes, values).slope

    @property
    def figure(self) -> Figure:
        """The row of the exponent."""
        told = ", ".join(f"{size:,} {value:.3g}" for size, value in self.points)
        return once(f"exponent of {self.name} ({self.unit}: {told})", self.growth, MAX_EXPONENT)

    def to_json(self) -> dict[str, Any]:
        """Return what the docs are made of."""
        points = [[size, float(f"{value:.3g}")] for size, value in self.points]
        row = {"name": self.name, "unit": self.unit, "points": points, "growth": round(self.growth, 2)}
        return row | {"explained": self.explained}


def record(curves: Sequence[Curve], file: Path = FILE) -> list[Figure]:
    """Put curves in the place of earlier ones of the same name, and return their rows."""
    kept = json.loads(file.read_text(encoding="utf-8"))["curves"] if file.exists() else []
    found = {row["name"]: row for row in kept} | {one.name: one.to_json() for one in curves}
    file.parent.mkdir(exist_ok=True)
    text = json.dumps({"curves": [found[name] for name in sorted(found)]}, ensure_ascii=False, indent=1)
    file.write_text(f"{text}\n", encoding="utf-8")
    return [one.figure for one in curves]
