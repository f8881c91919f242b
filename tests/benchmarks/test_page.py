"""What `docs/performance.md` says of records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.page.__main__ import DOCS, RECORDS, machines, made, take
from benchmarks.page.growth import drawn, growth
from benchmarks.page.limits import limits, used
from benchmarks.page.markdown import number
from benchmarks.page.peers import readers
from benchmarks.report import not_measured, once

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = {"system": "Linux 6", "processor": "some", "cores": 2, "memory_mb": 4096, "load": 0.5}
CURVE = {"name": "a search", "unit": "ms", "points": [[10_000, 2.0], [1_000_000, 20.0]], "explained": "sorted"}


def test_the_page_is_the_one_that_its_records_make() -> None:
    for name, text in made(RECORDS).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, "`python -m benchmarks.page` makes it"


def test_without_records_the_page_says_what_would_measure(tmp_path: Path) -> None:
    (page,) = made(tmp_path).values()
    assert page.count("Not measured: `make bench-peers` does.") == 4
    assert "Not measured: `make bench` does." in page


def test_a_benchmark_shows_the_figure_that_is_nearest_to_its_limit() -> None:
    rows = [once("MB", 120, 250).to_json(), once("files", 90, 100).to_json()]
    assert "| memory | 2 | 2 |  |  |  | files | 90 | ≤ 100 |" in limits({"memory": {"rows": rows}})


def test_of_what_must_be_enough_less_is_nearer_to_the_limit() -> None:
    assert used(once("pages a second", 200, 100, at_least=True).to_json()) == 0.5
    assert used(once("pages a second", 50, 100, at_least=True).to_json()) == 2


def test_what_was_not_measured_says_why_and_uses_nothing_of_its_limit() -> None:
    row = not_measured("real pages", "there is no folder", 1).to_json()
    assert used(row) == 0
    assert "| real pages | there is no folder |  | ≤ 1 | not measured |" in limits({"reading": {"rows": [row]}})


def test_what_was_taken_tells_no_system_and_keeps_what_was_measured_before(tmp_path: Path) -> None:
    record, file = tmp_path / "records" / "bench.json", tmp_path / "bench.json"
    for name in ("memory", "faults"):
        file.write_text(json.dumps({name: {"machine": MACHINE, "rows": []}}), encoding="utf-8")
        take(file, record)
    found = json.loads(record.read_text(encoding="utf-8"))
    assert list(found) == ["memory", "faults"]
    assert "system" not in found["memory"]["machine"]


def test_a_machine_that_others_kept_busy_spoils_what_is_told_by_the_clock() -> None:
    of_a_day = {"ended_at": "2026-12-01T10:00:00+00:00"}
    assert machines([of_a_day | {"machine": MACHINE}]) == (
        "Measured on 2 cores and 4 GB, 2026-12-01. Up to 0.5 processes wanted a core."
    )
    assert "too high" in machines([of_a_day | {"machine": MACHINE | {"load": 9.5}}])


def test_what_a_reader_was_not_measured_on_is_not_told() -> None:
    row = {"peer": "resiliparse", "ms, own pages": {"median": 0.2, "low": 0.1, "high": 0.3}, "MB": 39}
    last = readers([row]).splitlines()[-1]
    assert last.startswith("| resiliparse | 0.2 | not measured | 39 | not measured | – |")


def test_a_curve_tells_how_many_times_a_cost_rises_and_why() -> None:
    assert "| a search, ms | 2 | 20 | 10 | sorted |" in growth([CURVE], "chart.svg")


def test_a_chart_has_a_line_from_the_fewest_articles_to_the_most() -> None:
    assert '<path stroke="#2a6f97" d="M50 218 L680 114"/>' in drawn([CURVE])


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.00123, "0.00123"), (9.876, "9.88"), (99.96, "100"), (7527, "7,527")]
)
def test_a_number_has_three_digits_that_say_something(value: float, text: str) -> None:
    assert number(value) == text
