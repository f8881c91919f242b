"""What is kept of a benchmark's results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.record import Record
from benchmarks.report import once
from benchmarks.timing import Taken

if TYPE_CHECKING:
    from pathlib import Path


def test_results_are_kept_with_the_machine_and_the_versions_that_they_are_true_for(tmp_path: Path) -> None:
    Record(tmp_path / "data" / "bench.json").add("memory", [once("MB", 120, 250)], Taken(3.14, 2))
    found = json.loads((tmp_path / "data" / "bench.json").read_text(encoding="utf-8"))["memory"]
    assert found["seconds"] == 3.1
    assert found["machine"]["cores"] >= 1
    assert found["versions"]["scrapy"]
    assert found["rows"] == [once("MB", 120, 250).to_json()]


def test_a_benchmark_that_is_run_again_replaces_its_own_results_only(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    Record(file).add("memory", [once("MB", 120, 250)], Taken(1, 1))
    Record(file).add("faults", [once("MB", 130, 250)], Taken(1, 1))
    Record(file).add("memory", [once("MB", 140, 250)], Taken(1, 1))
    found = json.loads(file.read_text(encoding="utf-8"))
    assert {name: one["rows"][0]["median"] for name, one in found.items()} == {"memory": 140, "faults": 130}
