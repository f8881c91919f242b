"""How much is said beside results: `-q`, `-v` and `-vv`, before a command's name or behind it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., Any]")

KEY = "armcrawl.verbosity"
# By how many -v were said; -q counts as one less than none.
LEVELS = {-1: "ERROR", 0: "WARNING", 1: "INFO", 2: "DEBUG"}


class CommandLog(logging.StreamHandler[TextIO]):
    """The log of a command that is no run."""


def _louder(context: click.Context, _: click.Parameter, value: int) -> None:
    if value:
        context.meta[KEY] = context.meta.get(KEY, 0) + value
        _set_up()


def _quieter(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    _louder(context, parameter, -1 if value else 0)


verbose_option = click.option(
    "-v", "--verbose", count=True, expose_value=False, callback=_louder, help="Log every step; -vv all that there is."
)
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_quieter, help="Say nothing but results and errors."
)


def add_to(command: click.Command) -> click.Command:
    """Give a command and those below it the options, once."""
    if not any(parameter.name == "quiet" for parameter in command.params):
        quiet_option(verbose_option(command))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        add_to(below)
    return command


def _said() -> int:
    context = click.get_current_context(silent=True)
    said: int = context.meta.get(KEY, 0) if context is not None else 0
    return max(-1, min(said, 2))


def level() -> str:
    """Return the level of the log that was asked for."""
    return LEVELS[_said()]


def arguments() -> list[str]:
    """Return the options that ask for as much of another `armcrawl`."""
    return ["-q"] if _said() < 0 else ["-v"] * _said()


def is_quiet() -> bool:
    """Tell whether nothing but results and errors is to be said."""
    return level() == LEVELS[-1]


def _set_up() -> None:
    """Write the log of a command that has no log of its own, as a run has."""
    from armcrawl.reporting.logs import PlainText

    hand_over()
    handler = CommandLog(sys.stderr)
    handler.setFormatter(PlainText(logging.Formatter("%(levelname)s: %(message)s")))
    logging.root.addHandler(handler)
    logging.root.setLevel(level())


def hand_over() -> None:
    """Leave the log to a run's own."""
    for handler in [one for one in logging.root.handlers if isinstance(one, CommandLog)]:
        logging.root.removeHandler(handler)
