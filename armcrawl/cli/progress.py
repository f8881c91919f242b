"""How far a command is: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from armcrawl.cli.verbosity import is_quiet
from armcrawl.reporting.progress import how_far

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    Tell = Callable[[int, int | None], None]

# Rarely enough for a log.
LINE_SECONDS = 60.0


@contextmanager
def bar() -> Iterator[Tell | None]:
    """Show a bar on a terminal, and yield what tells it how much is done, and of how much; elsewhere yield None."""
    if is_quiet() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def bar_or_lines(what: str) -> Iterator[Tell]:
    """Show a bar on a terminal, and elsewhere a line a minute, as `how_far` tells it."""
    with bar() as tell:
        yield tell or (_nothing if is_quiet() else _lines(what))


def carry_out_decided(engine: Engine) -> None:
    """Show or forget what is decided (`armcrawl.store.runs.publishing`), and tell how far that is."""
    from armcrawl.store.runs.publishing import carry_out

    with bar_or_lines("versions done") as tell:
        carry_out(engine, tell)


def _nothing(done: int, total: int | None) -> None:
    del done, total


def _lines(what: str, seconds: float = LINE_SECONDS) -> Tell:
    began = last = time.monotonic()

    def tell(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            sys.stderr.write(f"{how_far(done, total, what, last - began)}\n")

    return tell
