"""What a spreadsheet makes of a cell, and how texts are written so that it does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a spreadsheet takes for the beginning of a formula, or skips before one; the last four are those of wide letters.
EXECUTABLE = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# A sheet of Excel holds so many rows, and a cell so many characters (counted in UTF-16).
MAX_ROWS, MAX_OF_CELL = 1_048_576, 32_767


def no_formula(text: str) -> str:
    """Return a text as a spreadsheet may see it: what it would execute gets an apostrophe."""
    return f"'{text}" if text[:1] in EXECUTABLE else text


def fitting(text: str) -> str:
    """Return a text that a cell of Excel holds: no formula, and cut with a mark where it is too long."""
    text = no_formula(text)
    if 2 * len(text) <= MAX_OF_CELL:  # no letter takes more than two units
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * MAX_OF_CELL else units[: 2 * MAX_OF_CELL - 2].decode("utf-16-le", "ignore") + "…"


def listed(names: Sequence[str]) -> str:
    """Return a list as a person reads it in a cell."""
    return fitting("; ".join(names))


def check_rows(number: int) -> None:
    """Raise ArmcrawlError for more rows, with the head, than a sheet of Excel holds: it would drop the rest."""
    if number > MAX_ROWS:
        raise ArmcrawlError(
            f"A sheet of Excel holds {MAX_ROWS - 1} rows: export fewer (--since, --until), or to .parquet."
        )
