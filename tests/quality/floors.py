"""Floors: what each measure must reach. They are pinned, and lowered with a reason only."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.quality.measures import Measures

FILE = Path(__file__).parent / "floors.toml"
# Of these less is better.
CEILINGS = frozenset(
    {
        *("dates silently wrong", "nominative changed", "kinds wrong where told", "reprints, falsely merged"),
        *("copies, follow-ups merged", "copies, recurring notes merged", "copies, filled templates merged"),
        *("copies, excerpts merged", "copies, news told anew merged"),
    }
)
# Shares are kept to so many digits.
DIGITS = 4


@dataclass(slots=True)
class Floors:
    """The digests of the corpora, the pinned measures, and why any was ever lowered."""

    digests: dict[str, str] = field(default_factory=dict)
    measures: Measures = field(default_factory=dict)
    lowered: list[str] = field(default_factory=list)

    def misses(self, measured: Measures) -> list[str]:
        """Return the measures that are worse than pinned, or not measured."""
        return [
            name
            for name, floor in self.measures.items()
            if name not in measured or is_worse(name, measured[name], floor)
        ]


def is_worse(name: str, value: float, floor: float) -> bool:
    """Tell whether a value is worse than its floor, or above its ceiling."""
    value = round(value, DIGITS)
    return value > floor if name in CEILINGS else value < floor


def read() -> Floors:
    """Return what is pinned."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return Floors(told.get("digests", {}), told.get("floors", {}), told.get("lowered", {}).get("reasons", []))


def write(floors: Floors) -> None:
    """Pin."""
    lines = [
        "# Written by `python -m tests.quality --pin`; a floor is lowered with `--lower REASON` only.",
        "",
        "[digests]",
    ]
    lines += [f'{name} = "{digest}"' for name, digest in sorted(floors.digests.items())]
    lines += ["", "[floors]", *(f'"{name}" = {value:.{DIGITS}f}' for name, value in floors.measures.items())]
    lines += [
        "",
        "[lowered]",
        "reasons = [",
        *(f"  {json.dumps(reason, ensure_ascii=False)}," for reason in floors.lowered),
        "]",
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
