"""The command line's page, made from the commands themselves: `make docs` writes it."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from armcrawl.errors import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """\
# The command line

This page is made by `make docs` from the commands themselves. `armcrawl COMMAND --help` shows the same.

Three variables of the environment stand for options: `ARMCRAWL_DATABASE_URL` for `--database`, `ARMCRAWL_ARCHIVE` for
`--archive`; `ARMCRAWL_CONTACT` is the operator's address, without which the real site is not asked.
"""


def command_line_page(group: click.Group) -> str:
    """Return the page in Markdown: every command, argument and option, and the exit codes."""
    return "\n".join([INTRODUCTION, *_exit_codes(), *_commands(group, "armcrawl")]).rstrip() + "\n"


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes\n"
    yield "| exit code | means |"
    yield "|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""


def _commands(group: click.Group, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        called = f"{path} {name}"
        if isinstance(command, click.Group) and not command.invoke_without_command:
            yield from _commands(command, called)
            continue
        yield from _command(command, called)
        if isinstance(command, click.Group):
            yield from _commands(command, called)


def _command(command: click.Command, called: str) -> Iterator[str]:
    context = click.Context(command, info_name=called)
    yield f"## {called}\n"
    yield f"```\n{called} {' '.join(command.collect_usage_pieces(context))}\n```\n"
    # A form feed hides what follows from help, and a backspace keeps lines as they are; both are for terminals.
    yield cleandoc(command.help or "").partition("\f")[0].replace("\b\n", "") + "\n"
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        yield "| option | |"
        yield "|---|---|"
        yield from (f"| `{_cell(names)}` | {_cell(said)} |" for names, said in records)
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    from armcrawl.cli import main

    click.echo(command_line_page(main), nl=False)
