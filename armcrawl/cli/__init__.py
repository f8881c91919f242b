"""The command line: one command for each thing that a user wants.

Command modules import only click at the top, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from armcrawl import __version__
from armcrawl.cli.collect.backfill import backfill
from armcrawl.cli.collect.crawl import crawl
from armcrawl.cli.collect.demo import demo
from armcrawl.cli.collect.inspect import inspect
from armcrawl.cli.collect.sites import sites
from armcrawl.cli.collect.trial import trial
from armcrawl.cli.explore.dedupe import dedupe
from armcrawl.cli.explore.export import export
from armcrawl.cli.explore.keys import forget, remove, show
from armcrawl.cli.explore.search import search
from armcrawl.cli.explore.serve import serve
from armcrawl.cli.explore.stats import stats
from armcrawl.cli.explore.tags import tags
from armcrawl.cli.maintain.archive import archive
from armcrawl.cli.maintain.db import db
from armcrawl.cli.maintain.doctor import doctor
from armcrawl.cli.maintain.quarantine import quarantine
from armcrawl.cli.maintain.reparse import reparse
from armcrawl.cli.maintain.runs import runs
from armcrawl.cli.maintain.status import status
from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from types import FrameType


class Commands(click.Group):
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

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and tell what goes wrong."""
        try:
            return super().invoke(ctx)
        except ArmcrawlError as error:
            _tell(f"armcrawl: {error}")
            ctx.exit(error.exit_code)
        except OSError as error:
            # Who reads our output may leave; click ends quietly then.
            if error.errno == errno.EPIPE or error.filename is None:
                raise
            click.echo(f"armcrawl: {error.filename}: {error.strerror}. Name another path, or mend this one.", err=True)
            ctx.exit(1)


def _tell(sentence: str) -> None:
    """Say what went wrong, as JSON where the whole log is."""
    from armcrawl.redaction import without_secrets

    if "armcrawl.reporting.logs" in sys.modules:
        sys.modules["armcrawl.reporting.logs"].tell(sentence, is_error=True)
    else:
        click.echo(without_secrets(sentence), err=True)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    if "multiprocessing" in sys.modules:
        for child in sys.modules["multiprocessing"].active_children():
            child.kill()
    if "armcrawl.processes.worker" in sys.modules:
        sys.modules["armcrawl.processes.worker"].kill_all()
    # An exception could come up in a finalizer, where Python swallows it; what is not committed, the database undoes.
    os._exit(128 + number)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="armcrawl")
def main() -> None:
    """Turn Russian trade press into a clean, deduplicated, tagged database."""


for command in (
    demo,
    crawl,
    backfill,
    status,
    runs,
    search,
    stats,
    export,
    serve,
    show,
    inspect,
    trial,
    forget,
    remove,
    reparse,
    quarantine,
    archive,
    tags,
    dedupe,
    sites,
    db,
    doctor,
):
    main.add_command(command)
