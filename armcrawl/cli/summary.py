"""What a run did, in a few lines on the terminal."""

from __future__ import annotations

from typing import Any

import click


def print_summary(told: dict[str, Any]) -> None:
    """Print a run's report in short: aligned on a terminal, plain sentences elsewhere."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from armcrawl.runs.report import summary

    console = Console()
    if not console.is_terminal:
        click.echo(" ".join(f"{name.capitalize()}: {value}." for name, value in summary(told)))
        return
    table = Table.grid(padding=(0, 2))
    for name, value in summary(told):
        table.add_row(f"[bold]{name}[/bold]", escape(value))
    console.print(table)
