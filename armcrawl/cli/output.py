"""What commands print: words and tables for people, JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from armcrawl.redaction import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Without a terminal there is no width to ask for; 120 columns hold our tables.
WIDTH_ELSEWHERE = 120
# As many runs of numbers as a person reads.
MAX_RANGES = 20


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a number stands to the right, and nothing is an empty cell."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def emit(told: object, shown: Iterable[Table | str], *, as_json: bool, err: bool = False) -> None:
    """Print `told` as JSON for programs, or tables and sentences for people, one after another.

    With `err` people read them on standard error, as standard output is taken.
    """
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_plain))
        return
    for part in shown:
        if isinstance(part, Table):
            _print_table(part, err=err)
        else:
            click.echo(part, err=err)


def _print_table(table: Table, *, err: bool) -> None:
    """Print a table; text of a page is never read as markup."""
    from rich import table as rich
    from rich.console import Console

    console = Console(stderr=err)
    if not console.is_terminal:
        console = Console(width=WIDTH_ELSEWHERE, stderr=err)
    grid = rich.Table(title=table.title, title_justify="left")
    body = [list(row) for row in table.rows]
    for number, column in enumerate(table.columns):
        is_number = bool(body) and all(isinstance(row[number], int) for row in body)
        grid.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in body:
        grid.add_row(*(_cell(value) for value in row))
    console.print(grid)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: «1 file», «2 files»."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def listed(counts: Mapping[str, int], *, empty: str = "none") -> str:
    """Return counts in words, by name, without those that are nought: «missing 3, stored 12»."""
    return ", ".join(f"{in_words(name)} {number}" for name, number in sorted(counts.items()) if number) or empty


def in_words(value: object) -> str:
    """Return a value as a person reads it: no enum of Python, no second of a moment."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def ranges_in_words(ranges: Sequence[tuple[int, int]]) -> str:
    """Write runs of numbers, `1-4, 6, 8-9`: the last ones, if there are many."""
    last = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[-MAX_RANGES:]]
    return ", ".join(["earlier ones in --json", *last] if len(ranges) > MAX_RANGES else last)


def _cell(value: object) -> str:
    from rich.markup import escape

    return "" if value is None else escape(harmless(in_words(value)))


def _plain(value: object) -> Any:
    """Return what JSON has no form for as what it has one for."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)
