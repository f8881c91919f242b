"""The command line: one command for each thing that a user wants; `lazy` lists them.

Command modules import only click at the top, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armcrawl import __version__
from armcrawl.cli import verbosity
from armcrawl.cli.lazy import LazyGroup
from armcrawl.config import check_environment, use_config
from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from types import FrameType


class Commands(LazyGroup):
    """Commands whose errors are one sentence and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Begin: from here on Ctrl-C and SIGTERM end a command at once, unless it has something to finish."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end)
        return super().main(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that are no text: neither a database nor a message could take them."""
        for argument in args:
            if not argument.isascii() and argument.encode("utf-8", "ignore").decode("utf-8") != argument:
                raise click.UsageError(
                    f"{argument!r} is no text in UTF-8: use a terminal in that encoding, or rename the file.", ctx
                )
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, which takes -q and -v behind its name too."""
        command = super().get_command(ctx, cmd_name)
        return command and verbosity.add_to(command)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and tell what goes wrong."""
        try:
            return self._invoke(ctx)
        except ArmcrawlError as error:
            _tell(f"armcrawl: {error}")
            ctx.exit(error.exit_code)
        except OSError as error:
            # Who reads our output may leave; click ends quietly then.
            if error.errno == errno.EPIPE or error.filename is None:
                raise
            click.echo(f"armcrawl: {error.filename}: {error.strerror}. Name another path, or mend this one.", err=True)
            ctx.exit(1)

    def _invoke(self, ctx: click.Context) -> Any:
        """Run a command; who writes --config behind it is told where it stands."""
        try:
            check_environment()
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            if error.option_name != "--config":
                raise
            raise UsageError("--config stands before the command: armcrawl --config FILE COMMAND.") from error


def _tell(sentence: str) -> None:
    """Say what went wrong, as JSON where the whole log is."""
    from armcrawl.redaction import harmless, without_secrets

    if "armcrawl.reporting.logs" in sys.modules:
        sys.modules["armcrawl.reporting.logs"].tell(sentence, is_error=True)
    else:
        click.echo(harmless(without_secrets(sentence)), err=True)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    if "multiprocessing" in sys.modules:
        for child in sys.modules["multiprocessing"].active_children():
            child.kill()
    if "armcrawl.processes.worker" in sys.modules:
        sys.modules["armcrawl.processes.worker"].kill_all()
    # An exception could come up in a finalizer, where Python swallows it; what is not committed, the database undoes.
    os._exit(128 + number)


def _use_config(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value is not None:
        use_config(Path(value))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="armcrawl")
@click.option("--config", metavar="FILE", expose_value=False, callback=_use_config,
              help="Read this file instead of the nearest armcrawl.toml.")  # fmt: skip
@verbosity.quiet_option
@verbosity.verbose_option
def main() -> None:
    """Turn Russian trade press into a clean, deduplicated, tagged database."""
