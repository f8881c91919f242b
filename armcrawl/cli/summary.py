"""What a run did, in a few lines on the terminal."""

from __future__ import annotations

import sys
from typing import Any

import click

# Requests, pages, articles: these are always there.
BROUGHT = 3


def print_summary(told: dict[str, Any], *, err: bool = False) -> None:
    """Print a run's report in short: aligned on a terminal, plain sentences elsewhere.

    With `err` they stand on standard error, as standard output is taken. Where the log is JSON they are lines of it.
    """
    from armcrawl.reporting import logs

    if logs.is_json():
        for line in (*told["change"], *_sentences(told)):
            logs.tell(line)
        return
    for line in told["change"]:
        click.echo(line, err=err)
    # A night has no terminal, and needs nothing that draws on one.
    if not (sys.stderr if err else sys.stdout).isatty():
        click.echo("\n".join(_sentences(told)), err=err)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from armcrawl.reporting.report import summary

    console = Console(stderr=err)
    table = Table.grid(padding=(0, 2))
    for name, value in summary(told):
        table.add_row(f"[bold]{name}[/bold]", escape(value))
    console.print(table)


def _sentences(told: dict[str, Any]) -> list[str]:
    """Return what came in, and what it took, as a line each."""
    from armcrawl.reporting.report import summary

    lines = [f"{name.capitalize()}: {value}." for name, value in summary(told)]
    return [line for line in (" ".join(lines[:BROUGHT]), " ".join(lines[BROUGHT:])) if line]
