"""What the writers of exports make of values that no view of the sample has, and how much they keep in memory."""

from __future__ import annotations

import csv
import tracemalloc
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pytest
from sqlalchemy import BigInteger, Boolean, Date, Float, Text

from armcrawl.analysis.export_formats import writer_for
from armcrawl.analysis.forms import Form
from armcrawl.errors import ArmcrawlError
from armcrawl.store.base.columns import TextList, UtcDateTime

if TYPE_CHECKING:
    from pathlib import Path

FOR_EXCEL = Form("csv", ";", is_for_excel=True)
COLUMNS = {"truth": Boolean(), "names": TextList(), "day": Date(), "moment": UtcDateTime(), "text": Text()}
MOMENT = datetime(2016, 5, 31, 12, 30, 15, tzinfo=UTC)
LONG = "щ" * 40_000
ROWS = [(True, ["=a", "b"], date(1812, 9, 7), MOMENT, LONG), (False, [], date(1900, 3, 1), None, None)]
# A megabyte at a time, sixty times: what is kept is far less.
PIECE, PIECES, MAX_KEPT = [("щ" * 5_000, number) for number in range(100)], 60, 20 << 20


def written(path: Path, form: Form, columns: dict[str, Any], rows: list[tuple[Any, ...]]) -> Path:
    with path.open("wb") as file:
        writer = writer_for(form, file, {"v_x": columns})
        writer.write(rows)
        writer.close()
    return path


def test_a_book_has_truth_lists_and_days_that_excel_does_not_know(tmp_path: Path) -> None:
    path = written(tmp_path / "x.xlsx", Form("xlsx"), COLUMNS, ROWS)
    _, first, second = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert first[:4] == (True, "'=a; b", "1812-09-07", MOMENT.replace(tzinfo=None))
    assert (len(first[4]), first[4][-1]) == (32_767, "…")
    assert second == (False, "", datetime(1900, 3, 1), None, None)  # noqa: DTZ001 - a sheet knows no zone


def test_a_file_for_excel_has_truth_lists_and_texts_of_the_length_of_a_cell(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", FOR_EXCEL, COLUMNS, ROWS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file, delimiter=";")
    assert head == ["truth", "names", "day", "moment (UTC)", "text"]
    assert first[:4] == ["ИСТИНА", "'=a; b", "07.09.1812", "31.05.2016 12:30:15"]
    assert (len(first[4]), first[4][-1]) == (32_767, "…")
    assert second == ["ЛОЖЬ", "", "01.03.1900", "", ""]


def test_a_plain_file_has_all_of_a_text_and_lists_as_json(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", Form("csv"), COLUMNS, ROWS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, first, _ = csv.reader(file)
    assert first == ["True", '["=a", "b"]', "1812-09-07", MOMENT.isoformat(), LONG]


def test_fractions_have_a_comma_where_windows_is_russian(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", FOR_EXCEL, {"rate": Float(), "number": BigInteger()}, [(89.1739, -5), (-0.5, 7)])
    assert path.read_text(encoding="utf-8-sig").split() == ["rate;number", "89,1739;-5", "-0,5;7"]


@pytest.mark.parametrize("form", [FOR_EXCEL, Form("xlsx")])
def test_more_rows_than_a_sheet_holds_are_told_and_not_dropped(tmp_path: Path, form: Form) -> None:
    with (tmp_path / "x").open("wb") as file:
        writer = writer_for(form, file, {"v_x": {"number": BigInteger()}})
        with pytest.raises(ArmcrawlError, match="holds 1048575 rows"):
            writer.write([(1,)] * 1_048_576)
        writer.abandon()


@pytest.mark.parametrize("form", [Form("csv"), FOR_EXCEL, Form("jsonl"), Form("xlsx"), Form("parquet")])
def test_no_writer_keeps_the_rows(tmp_path: Path, form: Form) -> None:
    columns: dict[str, Any] = {"text": Text(), "number": BigInteger()}
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    with (tmp_path / "x").open("wb") as file:
        writer = writer_for(form, file, {"v_x": columns})
        kept = 0
        for _ in range(PIECES):
            writer.write(PIECE)
            kept = max(kept, pa.total_allocated_bytes() - before)
        writer.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak + kept < MAX_KEPT if form.format != "parquet" else kept < 80 << 20
