"""The formats of an export: each a writer that takes rows in pieces and keeps none."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, Protocol

from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.types import TypeEngine

    Columns = Mapping[str, TypeEngine[Any]]
    Rows = Sequence[Sequence[Any]]

# What a spreadsheet takes for the beginning of a formula, or skips before one; the last four are those of wide letters.
EXECUTABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A sheet of Excel holds so many rows, and a cell so many characters (counted in UTF-16).
MAX_ROWS, MAX_OF_CELL = 1_048_576, 32_767
# A row group that readers can skip, of some MB; one of very long texts is written sooner, so that memory stays flat.
ROWS_OF_GROUP, BYTES_OF_GROUP = 5_000, 64 << 20


class Writer(Protocol):
    """Writes rows to a file that is open."""

    def write(self, rows: Rows) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what ends the file; it stays open."""


class JsonLines:
    """An object a line; dates and moments in ISO 8601."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
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


class Csv:
    """RFC 4180 in UTF-8 with a mark, without which Excel shows no Russian letters."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self.text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self.csv = csv.writer(self.text)
        self.csv.writerow(columns)

    def write(self, rows: Rows) -> None:
        """Write some rows."""
        self.csv.writerows([[_cell(value) for value in row] for row in rows])

    def close(self) -> None:
        """Hand over what is buffered."""
        self.text.flush()
        self.text.detach()


class Xlsx:
    """One sheet, with dates as dates; openpyxl keeps its rows in a temporary file."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        from openpyxl import Workbook

        self.file, self.rows = file, 1
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet("armcrawl")
        self.sheet.freeze_panes = "A2"
        self.sheet.append(list(columns))

    def write(self, rows: Rows) -> None:
        """Write some rows; raises ArmcrawlError for more than a sheet holds."""
        self.rows += len(rows)
        if self.rows > MAX_ROWS:
            raise ArmcrawlError(
                f"A sheet of Excel holds {MAX_ROWS - 1} rows: export fewer (--since, --until), or to .parquet."
            )
        for row in rows:
            self.sheet.append([_cell_of_excel(value) for value in row])

    def close(self) -> None:
        """Pack the sheet."""
        self.book.save(self.file)


class Parquet:
    """Columns with their own types, compressed with zstd."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        of_python = {
            int: pa.int64(),
            float: pa.float64(),
            bool: pa.bool_(),
            list: pa.list_(pa.string()),
            date: pa.date32(),
            datetime: pa.timestamp("us", tz="UTC"),
        }
        self.schema = pa.schema(
            [(name, of_python.get(kind.python_type, pa.string())) for name, kind in columns.items()]
        )
        self.writer = parquet.ParquetWriter(file, self.schema, compression="zstd")
        self.waiting: list[pa.RecordBatch] = []

    def write(self, rows: Rows) -> None:
        """Write some rows, as soon as they make a group."""
        import pyarrow as pa

        columns = zip(*rows, strict=True)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
        self.waiting.append(pa.record_batch(arrays, schema=self.schema))
        are_many = sum(batch.num_rows for batch in self.waiting) >= ROWS_OF_GROUP
        if are_many or sum(batch.nbytes for batch in self.waiting) >= BYTES_OF_GROUP:
            self._write_group()

    def close(self) -> None:
        """Write the last group and the index of all."""
        if self.waiting:
            self._write_group()
        self.writer.close()

    def _write_group(self) -> None:
        import pyarrow as pa

        self.writer.write_table(pa.Table.from_batches(self.waiting))
        self.waiting = []


FORMATS: dict[str, type[JsonLines | Csv | Xlsx | Parquet]] = {
    ".parquet": Parquet,
    ".csv": Csv,
    ".jsonl": JsonLines,
    ".xlsx": Xlsx,
}


def writer_for(suffix: str, file: IO[bytes], columns: Columns) -> Writer:
    """Return the writer for a file's suffix; raises UsageError where what it needs is not installed."""
    try:
        return FORMATS[suffix](file, columns)
    except ImportError as error:
        raise UsageError(
            f"{suffix} needs more than is installed: install armcrawl[analysis] (in a checkout: `make extras`)."
        ) from error


def _iso(value: date) -> str:
    return value.isoformat()


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet may see it: what it would execute gets an apostrophe."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(EXECUTABLE) else value
    return value.isoformat() if isinstance(value, date) else value


def _cell_of_excel(value: Any) -> Any:
    """Return a value as Excel takes it: without control characters, not too long, a moment without its zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if not isinstance(value, (str, list)):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    clean: str = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", str(_cell(value)))
    units = clean.encode("utf-16-le")
    return clean if len(units) <= 2 * MAX_OF_CELL else units[: 2 * MAX_OF_CELL - 2].decode("utf-16-le", "ignore") + "…"
