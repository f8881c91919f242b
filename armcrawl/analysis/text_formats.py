"""Exports that are text: JSON Lines and CSV, which Russian Excel may read without being asked."""

from __future__ import annotations

import csv
import json
from codecs import BOM_UTF8
from datetime import date, datetime
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

from armcrawl.analysis.cells import check_rows, fitting, listed, no_formula
from armcrawl.analysis.forms import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from armcrawl.analysis.forms import Columns, Rows

    Cell = Callable[[Any], Any]

PLAIN_CSV = Form("csv")


class JsonLines:
    """An object a line; dates and moments in ISO 8601."""

    def __init__(self, file: IO[bytes], columns: Columns, form: Form | None = None) -> None:
        del form
        self.file, self.names = file, list(columns)

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        for row in rows:
            self.file.write(self.line(row) + b"\n")

    def line(self, row: Sequence[Any]) -> bytes:
        """Return a row as an object."""
        return json.dumps(dict(zip(self.names, row, strict=True)), ensure_ascii=False, default=_iso).encode()

    def close(self) -> None:
        """Nothing ends such a file."""

    def abandon(self) -> None:
        """Nothing is open."""


class Csv:
    """RFC 4180 in UTF-8 with a mark, without which Excel shows no Russian letters.

    For Excel, numbers, dates and truth are written as Russian settings read them, and texts end where its cells do; as
    it reads no moment that says its zone, the head of a column of moments says that they are UTC.
    """

    def __init__(self, file: IO[bytes], columns: Columns, form: Form = PLAIN_CSV) -> None:
        self.file, self.rows, self.is_for_excel = file, 1, form.is_for_excel
        self.cells = RUSSIAN if form.is_for_excel else PLAIN
        self.text = StringIO(newline="")
        self.csv = csv.writer(self.text, delimiter=form.delimiter)
        file.write(BOM_UTF8)
        self.csv.writerow(_head(columns) if form.is_for_excel else columns)
        self._pass_on()

    def write(self, rows: Rows) -> None:
        """Write some rows; for Excel raises ArmcrawlError for more than a sheet holds."""
        self.rows += len(rows)
        if self.is_for_excel:
            check_rows(self.rows)
        form_of = self.cells.get
        self.csv.writerows(
            [value if (form := form_of(type(value))) is None else form(value) for value in row] for row in rows
        )
        self._pass_on()

    def close(self) -> None:
        """Nothing ends such a file."""

    def abandon(self) -> None:
        """Nothing is open."""

    def _pass_on(self) -> None:
        self.file.write(self.text.getvalue().encode())
        self.text.seek(0)
        self.text.truncate()


def _head(columns: Columns) -> list[str]:
    return [f"{name} (UTC)" if kind.python_type is datetime else name for name, kind in columns.items()]


def _iso(value: date) -> str:
    return value.isoformat()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


PLAIN: dict[type, Cell] = {str: no_formula, date: _iso, datetime: _iso, list: _json}
# As Excel reads them where Windows is Russian: https://learn.microsoft.com/globalization/locale/date-formatting
RUSSIAN: dict[type, Cell] = {
    str: fitting,
    date: lambda day: f"{day:%d.%m.%Y}",
    datetime: lambda moment: f"{moment:%d.%m.%Y %H:%M:%S}",
    float: lambda number: str(number).replace(".", ","),
    bool: lambda value: "ИСТИНА" if value else "ЛОЖЬ",
    list: listed,
}
