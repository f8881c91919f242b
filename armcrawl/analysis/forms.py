"""In which form an export is written: its format, and how cells of CSV are parted; what does not fit is refused."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.types import TypeEngine

    Columns = Mapping[str, TypeEngine[Any]]
    Rows = Sequence[Sequence[Any]]

# What parts cells where Windows is Russian, as the comma is in its numbers.
OF_RUSSIAN_EXCEL = ";"
# What a reader could not tell from a cell: letters, digits, the quotation mark, and what stands in numbers.
NO_DELIMITERS = frozenset(f'{string.ascii_letters}{string.digits}"-+.')
FORMATS = ("parquet", "csv", "jsonl", "xlsx")
TEXT = ("jsonl", "csv")


@dataclass(frozen=True, slots=True)
class Form:
    """In which form rows are written: a format, what parts cells of CSV, and whether Russian Excel shall read it."""

    format: str
    delimiter: str = ","
    is_for_excel: bool = False


FOR_RUSSIAN_EXCEL = Form("csv", OF_RUSSIAN_EXCEL, is_for_excel=True)


def form_of(path: Path, named: str | None = None, delimiter: str | None = None, *, for_excel: bool = False) -> Form:
    """Return the form that a file has by its name, or by what is said; `-`, standard output, is text.

    Raises UsageError for what does not fit together.
    """
    is_of_csv = for_excel or delimiter is not None
    is_output = str(path) == "-"
    found = named or ("csv" if is_of_csv else "jsonl") if is_output else named or path.suffix.lower().removeprefix(".")
    if found not in FORMATS:
        raise UsageError(f"{path.name!r} names no format: it must end in {', '.join(f'.{one}' for one in FORMATS)}.")
    if is_output and found not in TEXT:
        raise UsageError(f"Standard output takes text, {' or '.join(TEXT)}: write .{found} into a file.")
    if is_of_csv and found != "csv":
        raise UsageError(f"--delimiter and --for-excel are of CSV: they do not go with {found}.")
    if for_excel:
        if delimiter is not None:
            raise UsageError(f"--for-excel parts cells by {OF_RUSSIAN_EXCEL} itself: leave out --delimiter.")
        return FOR_RUSSIAN_EXCEL
    return Form(found, "," if delimiter is None else _delimiter(delimiter))


def _delimiter(written: str) -> str:
    delimiter = "\t" if written == r"\t" else written
    if len(delimiter) != 1 or delimiter in NO_DELIMITERS or not (delimiter.isprintable() or delimiter == "\t"):
        raise UsageError(f"The delimiter {written!r} parts no cells: write one sign, such as , ; | or \\t for a tab.")
    return delimiter
