"""How curves of growth are read and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.curves import Curve, record

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

SIZES = (10_000, 100_000, 1_000_000)


@pytest.mark.parametrize("power", [0, 0.5, 1, 2])
def test_the_power_of_a_cost_is_read_off_its_curve(power: float) -> None:
    curve = Curve("a search", "ms", [(size, 3 * size**power) for size in SIZES])
    assert curve.growth == pytest.approx(power)


def test_what_grows_as_n_log_n_is_within_its_limit_and_a_little_more_is_not() -> None:
    doubling = [(size, size * len(str(size - 1))) for size in SIZES]
    assert Curve("a rebuild", "s", doubling).figure.verdict == "ok"
    assert Curve("a rebuild", "s", [(size, size**1.2) for size in SIZES]).figure.verdict == "MISS"


def test_a_curve_takes_the_place_of_an_earlier_one_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "records" / "growth.json"
    record([Curve("b", "ms", [(10, 1), (100, 1)]), Curve("a", "ms", [(10, 1), (100, 10)])], file)
    record([Curve("b", "ms", [(10, 1), (100, 10)], "All ids are counted.")], file)
    told = json.loads(file.read_text(encoding="utf-8"))["curves"]
    assert told == [
        {"name": "a", "unit": "ms", "points": [[10, 1.0], [100, 10.0]], "growth": 1.0, "explained": ""},
        {
            "name": "b",
            "unit": "ms",
            "points": [[10, 1.0], [100, 10.0]],
            "growth": 1.0,
            "explained": "All ids are counted.",
        },
    ]
