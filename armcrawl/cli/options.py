"""Options that several commands share: those of the table are made of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from armcrawl import config
from armcrawl.errors import ArmcrawlError
from armcrawl.options import LARGEST, OF_RUN, OPTIONS, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from armcrawl.sites import Site

C = TypeVar("C", bound="Callable[..., Any]")


def _default_site() -> str:
    from armcrawl.sites import default_site, is_shipped, known_sites

    name = default_site().name
    context = click.get_current_context(silent=True)
    is_all = context is not None and context.params.get("every")
    own = [one for one in known_sites() if not is_shipped(one)]
    if own and is_shipped(name) and config.said("default_site") is None and not is_all:
        click.echo(
            f"armcrawl: no SITE is named, so {name} is meant, the package's own. Name one of yours "
            f"({', '.join(own)}), or set default_site.",
            err=True,
        )
    return name


def _sites_like(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    from armcrawl.sites import known_sites

    try:
        return [name for name in sorted(known_sites()) if name.startswith(typed)]
    except ArmcrawlError:
        # Who completes a line cannot be told; the command itself tells.
        return []


site_argument = click.argument("site", default=_default_site, metavar="[SITE]", shell_complete=_sites_like)


class NumberOfRow(click.ParamType[Any]):
    """A number as a row of the table has it."""

    def __init__(self, row: Option) -> None:
        self.row = row
        self.name = row.type.__name__

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; a usage error for any other text."""
        try:
            return self.row.from_text(str(value))
        except ValueError as error:
            self.fail(f"It {error}.", param, ctx)


class Number(NumberOfRow):
    """A whole number that no row of the table has."""

    def __init__(self, least: int, most: int = LARGEST) -> None:
        super().__init__(Option(name="number", type=int, help="", least=least, most=most))


ROW_ID = Number(1)


class OptionOfRow(click.Option):
    """An option of the table: what the command line does not say, environment and armcrawl.toml may."""

    def __init__(self, spelled: Sequence[str], row: Option, **attributes: Any) -> None:
        super().__init__(spelled, **attributes)
        self.row = row

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:  # noqa: FBT002 - as click has it
        """Return what is said elsewhere, or the default."""
        # Help and shell completion read no files.
        if call and not ctx.resilient_parsing and (said := config.said(self.row.name, ctx.params.get("site"))):
            return said.value
        return super().get_default(ctx, call)


def option(name: str, **changes: Any) -> Callable[[C], C]:
    """Add an option of the table to a command; a command may have a default or words of its own."""
    row = OPTIONS[name]
    attributes: dict[str, Any] = {"help": row.help, "metavar": row.metavar, "type": _type_of(row)}
    if row.type is bool:
        attributes |= {"is_flag": True, "type": None}
    elif row.choices:
        attributes["metavar"] = None
    if row.is_many:
        attributes["multiple"] = True
    elif row.type is not bool:
        attributes |= {"default": row.default, "show_default": row.unsaid or row.default is not None}
    return click.option(str(row.flag), name, cls=OptionOfRow, row=row, **attributes | changes)


def _type_of(row: Option) -> click.ParamType[Any] | None:
    if row.choices:
        return click.Choice(row.choices)
    if row.type in {int, float}:
        return NumberOfRow(row)
    return click.Path(file_okay=not row.is_folder) if row.type is Path else None


def said_of(row: Option, site: Site) -> config.Said:
    """Return the value that an option has for a site where the command line does not say it, and where it is said."""
    if (said := config.said(row.name, site.name)) is not None:
        return said
    if row.name in site.options:
        return config.Said(site.options[row.name], f"declaration of {site.name}")
    return config.Said(row.default, "default")


base_url_option = option("base_url")
database_option = option("database")
archive_option = option("archive")
delay_option = option("delay")
cluster_option = click.option(
    "--cluster", metavar="ADDRESS", help="Work in the processes of this dask scheduler instead of this machine's."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def run_options(**defaults: int) -> Callable[[C], C]:
    """Add the options of every run, with a command's own defaults; `run_settings` reads them."""

    def decorate(command: C) -> C:
        for row in reversed(OF_RUN):
            own = {"default": defaults[row.name]} if row.name in defaults else {}
            command = option(row.name, **own)(command)
        return command

    return decorate


def run_settings(site: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return Scrapy's settings for the options of a run; raises UsageError for an unknown site."""
    from armcrawl.crawling.configuration import settings_for
    from armcrawl.sites import site_named

    declared = site_named(site).options
    return settings_for(declared | {row.name: said for row in OF_RUN if (said := options[row.name]) is not None})
