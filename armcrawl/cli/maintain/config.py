"""`armcrawl config`: what is set and where, and a file to set it in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from armcrawl import config as settings
from armcrawl.cli.options import json_option, option, said_of, site_argument
from armcrawl.errors import UsageError
from armcrawl.options import OPTIONS, toml_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from armcrawl.options import Option


# Read by other users of the machine.
OTHERS = 0o004


@click.group()
def config() -> None:
    """Show what is set and where, or write a file to set it in."""


def _any_option(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, row in OPTIONS.items():
        if row.flag:
            command = option(name, hidden=True)(command)
    return command


@config.command()
@site_argument
@_any_option
@json_option
@click.pass_context
def show(context: click.Context, /, site: str, *, as_json: bool, **given: Any) -> None:
    """Show the value of every option for a site, and where it comes from; passwords are hidden.

    Options of other commands may be added, to see what they change: `armcrawl config show --delay 5`.
    """
    from armcrawl.redaction import all_without_secrets
    from armcrawl.sites import site_named

    declared, file = site_named(site), settings.config_file()
    on_line = {name for name in given if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    found = {
        row.name: settings.Said(given[row.name], "command line") if row.name in on_line else said_of(row, declared)
        for row in OPTIONS.values()
    }
    for name in ("on_success", "on_failure"):
        found[name] = _hidden(found[name])
    for row in OPTIONS.values():
        if row.is_secret and found[row.name].value:
            beginning = str(found[row.name].value).partition("://")[0]
            found[row.name] = replace(found[row.name], value=f"{beginning}://***")
    if as_json:
        told = {
            "site": site,
            "file": str(file.file.path) if file else None,
            "options": {name: {"value": one.value, "from": one.where} for name, one in found.items()},
        }
        click.echo(json.dumps(all_without_secrets(told), ensure_ascii=False, indent=2))
    else:
        for name, one in found.items():
            shown = OPTIONS[name].in_words if one.value in {None, ()} else toml_of(one.value)
            click.echo(f"{name:<12}  {all_without_secrets(shown):<35}  {one.where}")
    if file and file.file.path.stat().st_mode & OTHERS and all_without_secrets(file.file.text) != file.file.text:
        click.echo(
            f"{file.file.path} holds a password, and everybody may read it: chmod o-r {file.file.path}", err=True
        )


def _hidden(found: settings.Said) -> settings.Said:
    """Return a command without its arguments: the address of a web hook is a secret."""
    words = str(found.value or "").split(maxsplit=1)
    return settings.Said(f"{words[0]} ***", found.where) if len(words) > 1 else found


@config.command()
@click.argument("file", type=click.Path(path_type=Path), default=settings.NAME, metavar="[FILE]")
def init(file: Path) -> None:
    """Write a file with every option, its meaning and its default, all of it commented out; - prints it."""
    if str(file) == "-":
        click.echo("\n".join(_lines()))
        return
    try:
        with file.open("x", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in _lines())
    except FileExistsError as error:
        raise UsageError(f"{file} is there already: name another file, or remove it.") from error
    click.echo(f"{file} is written: take the # from the lines that you set; `armcrawl config show` tells what counts.")


def _lines() -> Iterator[str]:
    yield "# What armcrawl is told unless its command line or the environment says otherwise: docs/operations.md."
    yield "# Paths, and those of sqlite:/// databases, start at the folder of this file."
    for row in OPTIONS.values():
        if row.place != "site":
            yield from _commented(row)
    yield from ("", "# What is of one site only stands in its table. These may stand there as well:")
    yield f"# {', '.join(row.name for row in OPTIONS.values() if row.place == 'both')}."
    yield "#[site.my-site]"
    for row in OPTIONS.values():
        if row.place == "site":
            yield from _commented(row)


def _commented(row: Option) -> Iterator[str]:
    yield ""
    yield f"# {row.help} By default: {row.in_words}."
    yield f"#{row.name} = {toml_of(row.default if row.example is None else row.example)}"
