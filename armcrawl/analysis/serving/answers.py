"""Rows for spreadsheets and programs: CSV, CSV for Russian Excel, and JSON."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Text
from starlette.responses import Response

from armcrawl.analysis.cells import MAX_ROWS
from armcrawl.analysis.forms import FOR_RUSSIAN_EXCEL, Form
from armcrawl.analysis.serving.values import as_text
from armcrawl.analysis.text_formats import Csv
from armcrawl.errors import UsageError
from armcrawl.store.queries.view_rows import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# CSV in two forms: for programs, and as Russian Excel reads it.
TABLES = {"csv": Form("csv"), "excel": FOR_RUSSIAN_EXCEL}
FORMATS = (*TABLES, "json")
CSV_TYPE = "text/csv; charset=utf-8"


def as_file(form: str, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Response:
    """Return rows in one of FORMATS; `name` is what the file is of, `more` is what JSON says beside them."""
    if form == "json":
        return as_json(columns, rows, **more)
    file = io.BytesIO()
    writer = Csv(file, dict.fromkeys(columns, Text()), TABLES[form])
    writer.write([in_cells(columns, row) for row in rows])
    writer.close()
    return Response(file.getvalue(), media_type=CSV_TYPE, headers=attached(name, form))


def attached(name: str, form: str) -> dict[str, str]:
    """Return the header by which a file is saved under a name; Excel opens what ends in .csv."""
    ending = "excel.csv" if form == "excel" else form
    return {"content-disposition": f'attachment; filename="armcrawl-{name}.{ending}"'}


def in_cells(columns: Iterable[str], row: Sequence[Any]) -> list[Any]:
    """Return a row as CSV takes it on both databases: SQLite has days as text, PostgreSQL exact numbers."""
    return [_in_cell(value, column) for column, value in zip(columns, row, strict=True)]


def _in_cell(value: Any, column: str) -> Any:
    match value:
        case Decimal():
            return float(value)
        case dict() | bytes():
            return as_text(value)
        case str() if isinstance(TYPES.get(column), Date):
            with suppress(ValueError):
                return date.fromisoformat(value)
    return value


def check_fits_excel(number: int) -> None:
    """Raise UsageError for more rows than a sheet of Excel holds, before any is sent."""
    if number >= MAX_ROWS:
        raise UsageError(f"На лист Excel входит {MAX_ROWS - 1} строк, а здесь их больше: сузьте или возьмите CSV.")


def as_json(columns: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Response:
    """Return rows for programs: the names of the columns, the rows, and what else there is to say."""
    said = {"columns": list(columns), "rows": [list(row) for row in rows], **more}
    return Response(json.dumps(said, ensure_ascii=False, default=_plain), media_type="application/json")


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
    return as_text(value)
