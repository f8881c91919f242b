"""The command line's page, made from the commands themselves: `make docs` writes it."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from armcrawl.errors import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.cli.lazy import LazyGroup

INTRODUCTION = """\
# The command line

This page is made by `make docs` from the commands themselves. `armcrawl COMMAND --help` shows the same.

One thing is said one way: KEY names a page as `9911`, `news/9911`, `armtorg/news/9911` or an address, a mirror's too;
`--since` and `--until` name days, both included; `--limit` says how many rows; `--json` prints for programs; `-` in the
place of a FILE is standard output, or standard input where one is read. What rewrites the database shows first what it
would do, and does it with `--apply`.

Three variables of the environment stand for options: `ARMCRAWL_DATABASE_URL` for `--database`, `ARMCRAWL_ARCHIVE` for
`--archive`; `ARMCRAWL_CONTACT` is the operator's address, without which the real site is not asked.
"""


def command_line_page(group: LazyGroup) -> str:
    """Return the page in Markdown: every command, argument and option, and the exit codes."""
    return "\n".join([INTRODUCTION, *_exit_codes(), *_sections(group)]).rstrip() + "\n"


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes\n"
    yield "| exit code | means |"
    yield "|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""


def _sections(group: LazyGroup) -> Iterator[str]:
    context = click.Context(group)
    for title, entries in group.sections.items():
        yield f"## {title}\n"
        for name in entries:
            if (command := group.get_command(context, name)) is not None:
                yield from _commands(command, f"armcrawl {name}")


def _commands(command: click.Command, called: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, own in command.commands.items():
            yield from _commands(own, f"{called} {name}")
    else:
        yield from _command(command, called)


def _command(command: click.Command, called: str) -> Iterator[str]:
    context = click.Context(command, info_name=called)
    yield f"### {called}\n"
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
