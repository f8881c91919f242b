"""The command line's page, made from the commands themselves: `make docs` writes it."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from armcrawl.cli.options import OptionOfRow
from armcrawl.errors import EXIT_CODES
from armcrawl.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.cli.lazy import LazyGroup

INTRODUCTION = """\
# The command line

This page is made by `make docs` from the commands themselves. `armcrawl COMMAND --help` shows the same.

One thing is said one way: KEY names a page as `9911`, `news/9911`, `SITE/news/9911` or an address, a mirror's too;
`--since` and `--until` name days, both included; `--limit` says how many rows; `--json` prints for programs; `-` in the
place of a FILE is standard output, or standard input where one is read. What rewrites the database shows first what it
would do, and does it with `--apply`, and so do decisions on `entities`.
Single decisions that can be taken back (`runs accept` and `reject`, `recheck`) take effect at once.

Every command takes `-q` (results and errors only), `-v` (each step is logged) and `-vv` (debugging output), before or
after its name. `armcrawl --config FILE` reads another file than the nearest armcrawl.toml, as the variable
`ARMCRAWL_CONFIG` does.
"""


def command_line_page(group: LazyGroup) -> str:
    """Return the page in Markdown: every command, argument and option, and the exit codes."""
    return "\n".join([INTRODUCTION, *_exit_codes(), *_settings(), *_sections(group)]).rstrip() + "\n"


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes\n"
    yield "| exit code | means |"
    yield "|---|---|"
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""


def _settings() -> Iterator[str]:
    yield "## Settings\n"
    yield "What the command line does not say, a variable of the environment may, and then a key of armcrawl.toml"
    yield "([operations.md](operations.md)). In a table as `[site.NAME]` a key is of one site only: *site* keys stand"
    yield "there, *both* there or at the top of the file, the others at its top. A command names those that it takes in"
    yield "the last line of its chapter.\n"
    yield "| key | variable | option | means | by default | where |"
    yield "|---|---|---|---|---|---|"
    for row in OPTIONS.values():
        spelled = " | ".join(f"`{one}`" if one else "" for one in (row.name, row.variable, row.flag))
        place = "" if row.place == "top" else row.place
        yield f"| {spelled} | {_cell(row.help)} | {_cell(row.in_words)} | {place} |"
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
    yield f"`{called} {' '.join(command.collect_usage_pieces(context))}`\n"
    # A form feed hides what follows from help, and a backspace keeps lines as they are; both are for terminals.
    yield cleandoc(command.help or "").partition("\f")[0].replace("\b\n", "") + "\n"
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    settings = [option for option in options if _is_setting(option)]
    own = [option for option in options if option not in settings and option.name not in {"quiet", "verbose"}]
    records = [record for option in own if (record := option.get_help_record(context))]
    if records:
        yield "| option | |"
        yield "|---|---|"
        yield from (f"| `{_cell(names)}` | {_cell(said)} |" for names, said in records)
        yield ""
    if settings:
        spelled = ", ".join(f"`{option.opts[0]}`" for option in settings)
        yield f"[Settings](#settings): {spelled}.\n"


def _is_setting(option: click.Option) -> bool:
    """Tell whether an option is told whole by its row among the settings."""
    if not isinstance(option, OptionOfRow) or option.help != option.row.help:
        return False
    # A flag, or what may be repeated, has no default of a command's own.
    return option.is_flag or option.multiple or option.default == option.row.default


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    from armcrawl.cli import main

    click.echo(command_line_page(main), nl=False)
