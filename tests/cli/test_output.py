"""What every command prints with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from armcrawl.cli.output import Table, counted, emit, listed

if TYPE_CHECKING:
    import pytest


class Colour(Enum):
    """An enum whose `str` is Python's own."""

    RED = "red"


@dataclass(frozen=True)
class Row:
    name: str
    seen_at: datetime


MOMENT = datetime(2016, 5, 31, 12, 30, 59, tzinfo=UTC)


def test_a_table_prints_words(capsys: pytest.CaptureFixture[str]) -> None:
    emit(None, [Table("Colours", ("colour", "seen", "more"), [(Colour.RED, MOMENT, None)])], as_json=False)
    printed = capsys.readouterr().out
    assert "red" in printed
    assert "2016-05-31 12:30 " in printed
    assert "Colour." not in printed
    assert "None" not in printed


def test_programs_get_json_of_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"rows": [Row("кран", MOMENT)], "names": {"b", "a"}}, ["for people"], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "rows": [{"name": "кран", "seen_at": "2016-05-31 12:30:59+00:00"}],
        "names": ["a", "b"],
    }


def test_one_is_no_plural() -> None:
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert counted(2, "address", "addresses") == "2 addresses"


def test_counts_are_listed_without_nought() -> None:
    assert listed({"stored": 12, "missing": 3, "gone": 0}) == "missing 3, stored 12"
    assert listed({}) == "none"
