"""Rows for spreadsheets and programs."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text
from starlette.responses import Response

from armcrawl.analysis.serving.cells import as_text
from armcrawl.analysis.text_formats import Csv

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("csv", "json")


def as_file(form: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Response:
    """Return rows in one of FORMATS; `more` is what JSON says beside them."""
    return as_csv(columns, rows) if form == "csv" else as_json(columns, rows, **more)


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    """Return rows as a file for spreadsheets, in which no cell is a formula."""
    file = io.BytesIO()
    writer = Csv(file, dict.fromkeys(columns, Text()))
    writer.write(rows)
    writer.close()
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8")


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
