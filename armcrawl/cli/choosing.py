"""To what `search` and `export` narrow: the options for a choice of articles."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.days import day_options
from armcrawl.items import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

# By which articles are narrowed, with what is said of each. What a facet has one value of may be one of several.
WANTED = {
    "tag": ("T", "Only articles with this tag, in any printed form; of several with all."),
    "source": ("S", "Only articles whose attribution names this source; of several all."),
    "kind": ("K", f"Only articles with a tag of this kind ({', '.join(Kind)}); of several with all."),
    "site": ("SITE", "Only articles of this site; of several of any."),
    "section": ("SECTION", "Only articles of this section; of several of any."),
}


# Of a member of an enum, click would take the name.
KINDS = click.Choice([kind.value for kind in Kind], case_sensitive=False)


class PrintedName(click.ParamType[str]):
    """A value of a facet, such as a tag as a page prints it."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; a usage error for one that nothing could print."""
        if not (value.strip() and value.isprintable()):
            self.fail("write a name, as a page prints it.", param, ctx)
        return str(value)


class Unwanted(PrintedName):
    """A facet and a value of it, as tag=насосы."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return both; a usage error for any other text."""
        if isinstance(value, tuple):
            return value
        facet, sign, name = str(value).partition("=")
        if facet not in WANTED or not sign:
            self.fail(f"{value!r} names nothing to leave out: write tag=насосы ({', '.join(WANTED)}).", param, ctx)
        return facet, KINDS.convert(name, param, ctx) if facet == "kind" else super().convert(name, param, ctx)


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that narrow, and hand the command their `choice`."""

    @day_options("Only articles of")
    @click.option(
        "--exclude",
        type=Unwanted(),
        multiple=True,
        metavar="WHAT=VALUE",
        help="Without articles of this tag, source, kind, site or section: tag=насосы.",
    )
    @click.option(
        "--one-per-cluster", is_flag=True, help="Of articles with one text only the one that had it first."
    )  # fmt: skip
    @wraps(command)
    def with_choice(
        *args: Any,
        exclude: tuple[tuple[str, str], ...],
        since: date | None,
        until: date | None,
        one_per_cluster: bool,
        **options: Any,
    ) -> Any:
        from armcrawl.store.queries.choice import Choice, Facet

        wanted = [(Facet(name), value) for name in WANTED for value in options.pop(name)]
        unwanted = [(Facet(name), value) for name, value in exclude]
        choice = Choice(frozenset(wanted), frozenset(unwanted), since, until, one_per_cluster)
        return command(*args, choice=choice, **options)

    for name, (metavar, said) in reversed(WANTED.items()):
        kind = KINDS if name == "kind" else PrintedName()
        option = click.option(f"--{name}", type=kind, multiple=True, metavar=metavar, help=said)
        with_choice = option(with_choice)
    return with_choice
