"""What a row of the benchmarks says of its values."""

from __future__ import annotations

import pytest

from benchmarks.report import PROCESSOR, WALL, Figure, Interval, not_measured, once, ratio
from benchmarks.timing import Taken


@pytest.mark.parametrize(
    ("number", "low", "high", "coverage"),
    # By hand: 2 * (C(n, 0) + ... + C(n, k - 1)) / 2^n is what the k-th lowest and highest leave out.
    [(1, 1, 1, 0.0), (3, 1, 3, 0.75), (5, 1, 5, 0.9375), (8, 2, 7, 0.9297), (9, 2, 8, 0.9609), (15, 4, 12, 0.9648)],
)
def test_an_interval_is_the_narrowest_that_covers_nine_of_ten_medians(
    number: int, low: float, high: float, coverage: float
) -> None:
    found = Interval.of([float(value) for value in range(number, 0, -1)])
    assert (found.low, found.high) == (low, high)
    assert found.coverage == pytest.approx(coverage, abs=1e-4)


def test_one_wild_value_among_nine_does_not_move_an_interval() -> None:
    calm = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8]
    assert Interval.of([*calm[:-1], 60.0]) == Interval.of(calm)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([1.0, 1.1, 1.2, 1.3, 1.4], "ok"),
        ([1.8, 1.9, 2.1, 2.2, 2.3], "open"),
        ([1.9, 2.1, 2.2, 2.3, 2.4], "open"),
        ([2.1, 2.2, 2.3, 2.4, 2.5], "MISS"),
    ],
)
def test_a_row_fails_only_when_its_whole_interval_lies_beyond_the_limit(values: list[float], verdict: str) -> None:
    assert Figure("seconds", values, 2.0).verdict == verdict


def test_a_limit_from_below_is_missed_from_below() -> None:
    assert Figure("pages a second", [1.0, 1.1, 1.2, 1.3, 1.4], 2.0, at_least=True).verdict == "MISS"


def test_a_value_at_its_limit_is_kept() -> None:
    assert once("megabytes", 250.0, 250.0).verdict == "ok"


def test_sides_are_compared_round_by_round() -> None:
    ours, theirs = [Taken(1, 1), Taken(4, 2)], [Taken(2, 4), Taken(2, 4)]
    row = ratio("ours against theirs", ours, theirs, 1, by=PROCESSOR)
    assert row.values == [0.25, 0.5]
    assert row.beside == [0.5, 2.0]


def test_a_row_tells_its_median_its_interval_and_both_clocks() -> None:
    row = ratio("a", [Taken(3, 1)] * 5, [Taken(2, 2)] * 5, 1, by=WALL)
    assert str(row) == "MISS a: 1.5 [1.5 to 1.5] (at most 1, wall time; 0.5 by processor time)"


def test_the_record_of_a_row_holds_all_its_values() -> None:
    recorded = Figure("a", [3.0, 1.0, 2.0], 5, judged_by=WALL).to_json()
    assert recorded["values"] == [3.0, 1.0, 2.0]
    assert (recorded["median"], recorded["low"], recorded["high"]) == (2.0, 1.0, 3.0)


def test_what_was_not_measured_says_so_and_is_never_ok() -> None:
    row = not_measured("a", "there is no folder", 1)
    assert (row.verdict, str(row)) == ("NOT MEASURED", "NOT MEASURED a: there is no folder")
    assert row.to_json()["why"] == "there is no folder"
