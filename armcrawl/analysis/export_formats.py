"""The formats of an export: each a writer that takes rows in pieces and keeps none."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Protocol

from armcrawl.analysis.arrow import Parquet
from armcrawl.analysis.excel_format import Xlsx
from armcrawl.analysis.text_formats import Csv, JsonLines
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from armcrawl.analysis.forms import Columns, Form, Rows

OF_ONE_VIEW: dict[str, type[JsonLines | Csv | Parquet]] = {"parquet": Parquet, "csv": Csv, "jsonl": JsonLines}


class Writer(Protocol):
    """Writes rows to a file that is open."""

    def write(self, rows: Rows) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what ends the file; it stays open."""

    def abandon(self) -> None:
        """Let go of a file that cannot be written to its end."""


def writer_for(form: Form, file: IO[bytes], tables: Mapping[str, Columns]) -> Writer:
    """Return the writer of a form for views with their columns.

    Raises UsageError where what it needs is not installed, and for several views in a file that holds one.
    """
    if len(tables) > 1 and form.format != "xlsx":
        raise UsageError(f"A file of {form.format} holds one view: several go into .xlsx, all of them with --dataset.")
    try:
        if form.format == "xlsx":
            return Xlsx(file, tables)
        [columns] = tables.values()
        return OF_ONE_VIEW[form.format](file, columns, form)
    except ImportError as error:
        raise UsageError(
            f".{form.format} needs more than is installed: install armcrawl[analysis] (in a checkout: `make extras`)."
        ) from error
