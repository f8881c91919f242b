"""How much a command says beside its results."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from armcrawl.cli import main, verbosity

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("armcrawl.test")


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    level = logging.root.level
    yield
    verbosity.hand_over()
    logging.root.setLevel(level)


@click.group()
@verbosity.quiet_option
@verbosity.verbose_option
def group() -> None:
    pass


@group.command()
def said() -> None:
    logger.debug("detail of postgresql://press:geheim@db")
    logger.info("step")
    logger.error("broken")
    click.echo(verbosity.level())


verbosity.add_to(group)


@pytest.mark.parametrize(
    ("arguments", "level"),
    [
        (["said"], "WARNING"),
        (["-q", "said"], "ERROR"),
        (["said", "-q"], "ERROR"),
        (["-v", "said"], "INFO"),
        (["said", "-v"], "INFO"),
        (["-vv", "said"], "DEBUG"),
        (["said", "-v", "--verbose"], "DEBUG"),
        (["-v", "said", "-vv"], "DEBUG"),
        (["-v", "said", "-q"], "WARNING"),
    ],
)
def test_the_level_may_be_said_before_and_behind_a_command(arguments: list[str], level: str) -> None:
    assert CliRunner().invoke(group, arguments).stdout == f"{level}\n"


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        ("-q", "ERROR: broken\n"),
        ("-v", "INFO: step\nERROR: broken\n"),
        ("-vv", "DEBUG: detail of postgresql://press:***@db\nINFO: step\nERROR: broken\n"),
    ],
)
def test_a_command_that_is_no_run_has_a_log_too(argument: str, lines: str) -> None:
    assert CliRunner().invoke(group, ["said", argument]).stderr == lines


def test_every_command_takes_the_options() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    while commands:
        command = commands.pop()
        assert command is not None
        assert [one.name for one in command.params].count("quiet") == 1, command.name
        assert [one.name for one in command.params].count("verbose") == 1, command.name
        commands += command.commands.values() if isinstance(command, click.Group) else []
