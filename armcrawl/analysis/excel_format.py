"""Exports for Excel: openpyxl makes the book, and rows are streamed into its sheets, which is eight times as fast."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from armcrawl.analysis.cells import check_rows, fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from armcrawl.analysis.forms import Columns, Rows

    Cell = Callable[[Any], str]

# What cannot stand in XML as it is, or at all: https://www.w3.org/TR/xml/#charsets. All in one look, which is the most
# that a cell costs.
SPECIAL = re.compile("[&<>\r_\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
# Excel reads _x0041_ as a letter, so its first line is written as _x005F_: ECMA-376-1, 22.9.2.19.
LIKE_A_CODE = re.compile("_x[0-9A-Fa-f]{4}_")
# How far a sheet reaches, which is known at its end; readers do without it.
DIMENSION = re.compile(rb"<dimension [^>]*/>")
# The least effort packs five times as fast as the usual one, and makes a fourth more of it.
EFFORT = 1
# In letters: of the longest of the first rows, as far as two of the widest fit a screen.
MIN_WIDTH, MAX_WIDTH = 10, 60
# A book counts days from here, and knows no earlier ones than its second year's March: https://xlsxwriter.com, dates
DAY_0, FIRST_DAY = date(1899, 12, 30).toordinal(), date(1900, 3, 1)
DAY_SECONDS = 86_400
# As `--for-excel` has them; a book knows no zones, so that each moment shows which one it is in.
SHOWN_AS = {date: "dd.mm.yyyy", datetime: 'dd.mm.yyyy hh:mm:ss "UTC"'}


class Xlsx:
    """A sheet for each view, its head frozen and with a filter, dates as dates, columns as wide as their first rows."""

    def __init__(self, file: IO[bytes], tables: Mapping[str, Columns]) -> None:
        from openpyxl.utils import get_column_letter

        self.zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=EFFORT)
        self.tables = tables
        self.rows = dict.fromkeys(tables, 1)
        self.widths = {view: [_width(name) for name in columns] for view, columns in tables.items()}
        self.letters = [get_column_letter(number + 1) for number in range(max(map(len, tables.values())))]
        self.sheet: IO[bytes] | None = None
        self.view = next(iter(tables))
        self.styles: dict[type, int] = {}
        self.cells: list[Cell] = []

    def turn_to(self, view: str) -> None:
        """Go on with the rows of another view; those of the one before are all written."""
        self._end_sheet()
        self.view = view

    def write(self, rows: Rows) -> None:
        """Write some rows; raises ArmcrawlError for more than a sheet holds."""
        check_rows(self.rows[self.view] + len(rows))
        sheet = self.sheet or self._begin_sheet(rows)
        written = [self._row(number, row) for number, row in enumerate(rows, self.rows[self.view] + 1)]
        self.rows[self.view] += len(rows)
        sheet.write("".join(written).encode())

    def close(self) -> None:
        """Write the sheets without a row, and what makes a book of all."""
        self._end_sheet()
        done = set(self.zip.namelist())
        for name, content in self._book().items():
            if name not in done:
                self.zip.writestr(name, content)
        self.zip.close()

    def abandon(self) -> None:
        """Let go of a file that cannot be written."""
        for opened in (self.sheet, self.zip):
            with suppress(OSError, ValueError):
                if opened is not None:
                    opened.close()

    def _begin_sheet(self, rows: Rows) -> IO[bytes]:
        columns = zip(self.widths[self.view], zip(*rows, strict=True), strict=True)
        self.widths[self.view] = [max(known, *map(_width, cells)) for known, cells in columns]
        head, _ = self._around_rows()
        self.sheet = self.zip.open(self._path(self.view), "w", force_zip64=True)
        self.sheet.write(head)
        self.cells = [self._cell_of(kind.python_type) for kind in self.tables[self.view].values()]
        return self.sheet

    def _end_sheet(self) -> None:
        if self.sheet is not None:
            self.sheet.write(self._around_rows()[1])
            self.sheet.close()
        self.sheet = None

    def _row(self, number: int, row: Any) -> str:
        cells = []
        for letter, cell, value in zip(self.letters, self.cells, row, strict=False):
            if value is not None:
                cells.append(f'<c r="{letter}{number}"{cell(value)}</c>')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _cell_of(self, kind: type) -> Cell:
        """Return what writes a value of a column: what stands behind the reference of its cell."""
        style = f' s="{self.styles.get(kind, 0)}"'
        cells: dict[type, Cell] = {
            date: lambda day: f"{style}><v>{day.toordinal() - DAY_0}</v>" if day >= FIRST_DAY else _text(day),
            datetime: lambda moment: f"{style}><v>{_days(moment)!r}</v>",
            bool: _truth,
            int: _number,
            float: _number,
            list: _list,
            str: _text,
        }
        return cells[kind]

    def _path(self, view: str) -> str:
        return f"xl/worksheets/sheet{list(self.tables).index(view) + 1}.xml"

    def _around_rows(self) -> tuple[bytes, bytes]:
        """Return what stands before and behind the rows of the sheet."""
        head, end, tail = self._book()[self._path(self.view)].partition(b"</sheetData>")
        return DIMENSION.sub(b"", head), end + tail

    def _book(self) -> dict[str, bytes]:
        """Return the files of a book that has no rows but the heads."""
        from openpyxl import Workbook

        book, packed = Workbook(), BytesIO()
        book.remove(book.active)
        for view, columns in self.tables.items():
            sheet = book.create_sheet(view)
            sheet.append(list(columns))
            sheet.freeze_panes = "A2"
            sheet.auto_filter.ref = f"A1:{self.letters[len(columns) - 1]}{self.rows[view]}"
            for letter, width, kind in zip(self.letters, self.widths[view], columns.values(), strict=False):
                sheet.column_dimensions[letter].width = width
                if kind.python_type in SHOWN_AS:
                    sheet.column_dimensions[letter].number_format = SHOWN_AS[kind.python_type]
                    self.styles[kind.python_type] = sheet.column_dimensions[letter].style_id
        book.save(packed)
        with ZipFile(packed) as files:
            return {name: files.read(name) for name in files.namelist()}


def _width(value: object) -> int:
    """Return how wide a column is in which all of a value is seen, within bounds."""
    return min(max(len(str(value)) + 2, MIN_WIDTH), MAX_WIDTH)


def _text(value: object) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{SPECIAL.sub(_written, fitting(str(value)))}</t></is>'


def _written(sign: re.Match[str]) -> str:
    if sign[0] == "_":
        return "_x005F_" if LIKE_A_CODE.match(sign.string, sign.start()) else "_"
    return WRITTEN.get(sign[0], "\N{REPLACEMENT CHARACTER}")


def _list(names: list[str]) -> str:
    return _text("; ".join(names))


def _number(value: float) -> str:
    return f"><v>{value!r}</v>"


def _truth(value: object) -> str:
    return f' t="b"><v>{1 if value else 0}</v>'


def _days(moment: datetime) -> float:
    """Return a moment as a book counts it: days, with the time as their fraction; it knows no zones."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second + moment.microsecond / 1e6
    return moment.toordinal() - DAY_0 + seconds / DAY_SECONDS
