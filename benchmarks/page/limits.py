"""What `make bench` measured, beside the limits that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.page.markdown import folded, number, table
from benchmarks.report import NOT_MEASURED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = dict[str, Any]

VERDICTS = {"ok": "kept", "open": "too near to tell", "MISS": "missed", NOT_MEASURED: "not measured"}


def limits(bench: Mapping[str, Any]) -> str:
    """Return a row for each benchmark, with the figure that is nearest to its limit, and all figures folded away."""
    short = table(
        ("benchmark", "limits", *VERDICTS.values(), "nearest to its limit", "figure", "limit"),
        [_of(name, found["rows"]) for name, found in bench.items()],
    )
    whole = table(
        ("figure", "median", "interval", "limit", "verdict"),
        [
            (row["name"], *_figure(row), _limit(row), VERDICTS[row["verdict"]])
            for found in bench.values()
            for row in found["rows"]
        ],
    )
    return f"{short}\n\n{folded('All figures', whole)}"


def _of(name: str, rows: Sequence[Row]) -> tuple[str, ...]:
    nearest = max(rows, key=used)
    verdicts = [row["verdict"] for row in rows]
    counts = (str(verdicts.count(verdict) or "") for verdict in VERDICTS)
    return (name, str(len(rows)), *counts, nearest["name"], _figure(nearest)[0], _limit(nearest))


def used(row: Row) -> float:
    """Return which share of a limit a figure uses: more than 1 is beyond it, 0 if it was not measured."""
    if "median" not in row:
        return 0.0
    median, limit = row["median"], row["limit"]
    return float(limit / median if row["at_least"] else median / limit)


def _figure(row: Row) -> tuple[str, str]:
    """Return a median and its interval."""
    if "median" not in row:
        return row["why"], ""
    interval = f"{number(row['low'])} to {number(row['high'])}" if len(row["values"]) > 1 else ""
    return number(row["median"]), interval


def _limit(row: Row) -> str:
    return f"{'≥' if row['at_least'] else '≤'} {number(row['limit'])}"
