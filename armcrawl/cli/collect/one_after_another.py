"""Runs of several sites, one after another, each in a process of its own: Scrapy's reactor starts once a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

# An `armcrawl` that ends with whoever started it, by the process id in its first argument.
PROGRAM = (
    "import sys; from armcrawl.processes.parent import die_with; die_with(int(sys.argv.pop(1))); "
    "from armcrawl.cli import main; main(prog_name='armcrawl')"
)
SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
        command = [sys.executable, "-c", PROGRAM, str(os.getpid()), *arguments]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - ourselves
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
