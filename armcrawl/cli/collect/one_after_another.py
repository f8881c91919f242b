"""Runs of several sites, one after another, each in a process of its own: Scrapy's reactor starts once a process."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from armcrawl import config
from armcrawl.cli import verbosity
from armcrawl.errors import UsageError
from armcrawl.options import OF_RUN
from armcrawl.processes.parent import armcrawl_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    from armcrawl.options import Option

SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Files that one run writes and the next would write over.
FILES = ("report", "metrics")


class Runs:
    """The runs of a command: `stopped` is the signal that ended it, if one did."""

    def __init__(self) -> None:
        self.stopped: int | None = None
        self.child: subprocess.Popen[bytes] | None = None

    def carry_out(self, arguments: Sequence[str]) -> int | None:
        """Run `armcrawl` with these arguments, and return its exit code; None where a signal has come before."""
        if self.stopped is not None:
            return None
        sys.stdout.flush()
        # In a session of its own, so that a terminal's Ctrl-C reaches it once: a second one would kill it.
        self.child = subprocess.Popen(armcrawl_command(arguments), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - ourselves
        if self.stopped is not None:
            self._pass_on()
        code = self.child.wait()
        self.child = None
        # What a signal kills, the shell tells in this way too.
        return code if code >= 0 else 128 - code

    def stop(self, number: int, _: FrameType | None) -> None:
        """Begin no further run, and let the one that is at work end."""
        self.stopped = number
        self._pass_on()

    def _pass_on(self) -> None:
        # Python that is only starting answers SIGINT with a traceback.
        if self.child is not None:
            self.child.send_signal(signal.SIGTERM)


@contextmanager
def running() -> Iterator[Runs]:
    """Yield what carries out runs; a signal ends the one at work as it ends any, and the command after that."""
    runs = Runs()
    before = {number: signal.signal(number, runs.stop) for number in SIGNALS}
    try:
        yield runs
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if runs.stopped is not None:
        click.get_current_context().exit(128 + runs.stopped)


def arguments_of(context: click.Context, options: dict[str, Any], site: str | None) -> Iterator[str]:
    """Yield what the command line says, as it is said of one of several sites, or of the only one without a name.

    A file that is named for several sites gets each one's name: `night-SITE.html`. Raises UsageError for what only one
    can be told.
    """
    yield from verbosity.arguments()
    for row in OF_RUN:
        is_said = context.get_parameter_source(row.name) is ParameterSource.COMMANDLINE
        if row.name in FILES and site is not None:
            path = options[row.name] if is_said else _named_for_all(row, site)
            if path is not None:
                own = Path(path)
                named = path if path == "-" else str(own.with_name(f"{own.stem}-{site}{own.suffix}"))
                yield from (str(row.flag), named)
        elif is_said and row.place == "site" and site is not None:
            raise UsageError(
                f"{row.flag} is of one site, and these are several: write it into its table of armcrawl.toml."
            )
        elif is_said and row.type is bool:
            yield str(row.flag)
        elif is_said:
            values = options[row.name] if row.is_many else [options[row.name]]
            yield from (part for value in values for part in (str(row.flag), str(value)))


def _named_for_all(row: Option, site: str) -> str | None:
    """Return the file that environment or armcrawl.toml name for all sites, unless this one has its own."""
    said = config.said(row.name)
    return str(said.value) if said is not None and said == config.said(row.name, site) else None
