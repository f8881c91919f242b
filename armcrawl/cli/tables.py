"""Tables on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from armcrawl.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Without a terminal there is no width to ask for; 120 columns hold our tables.
WIDTH_ELSEWHERE = 120


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers stand to the right, text of a page is never read as markup."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_ELSEWHERE)
    table = Table(title=title, title_justify="left")
    body = [list(row) for row in rows]
    for number, column in enumerate(columns):
        is_number = bool(body) and all(isinstance(row[number], int) for row in body)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in body:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _cell(value: object) -> str:
    from rich.markup import escape

    return "" if value is None else escape(harmless(str(value)))


def ranges_in_words(ranges: Iterable[tuple[int, int]]) -> str:
    """Write runs of numbers: `1-4, 6, 8-9`."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
