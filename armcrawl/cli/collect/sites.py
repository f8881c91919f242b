"""`armcrawl sites`: what a person knows of a site better than its pages tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.collect.draft import check, new
from armcrawl.cli.collect.sites_show import place_of, show
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import Number, json_option
from armcrawl.cli.output import Table, emit

if TYPE_CHECKING:
    from sqlalchemy import Engine

# As many digits as an id may have.
MAX_ID = 10**18 - 1
# Of many ids that do not count any more a person reads a few.
SHOWN = 10


@click.group()
def sites() -> None:
    """List, show, draft and check declarations, or correct a section's end."""


@sites.command("list")
@json_option
def list_sites(*, as_json: bool) -> None:
    """List the sites that are declared: in the package, in sites/, and in the folder $ARMCRAWL_SITES."""
    from msgspec import to_builtins

    from armcrawl.sites import file_of, known_sites

    found = sorted(known_sites().values(), key=lambda site: site.name)
    rows = [
        (
            f"{site.name} (default)" if site.default else site.name,
            site.title,
            site.host,
            ", ".join(section.name for section in site.sections),
            ", ".join(one.kind for one in site.discoveries),
            site.schedule.nightly,
            "yes" if site.verified else "NO",
            place_of(site.name),
        )
        for site in found
    ]
    columns = ("site", "title", "host", "sections", "discovery", "nightly", "verified", "file")
    told = [to_builtins(site) | {"file": str(file_of(site.name))} for site in found]
    emit(told, [Table("Sites", columns, rows)], as_json=as_json)


sites.add_command(show)


sites.add_command(new)
sites.add_command(check)


@sites.command()
@click.argument("site")
@click.argument("section")
@click.argument("number", type=Number(1, MAX_ID), metavar="ID")
@apply_option
@with_engine(lock="sites head")
def head(site: str, section: str, number: int, is_applied: bool, engine: Engine) -> None:
    """Set the newest article of a section: ids above it were a slip or a test.

    What was stored above it stays, and does not count any more; ids that nobody should have asked for are forgotten.
    """
    from armcrawl.sites import PageKey, check_sections, site_named
    from armcrawl.store.ledger.setting_heads import set_head

    check_sections(site_named(site), [section])
    found = set_head(engine, PageKey(site, section, str(number)), is_applied=is_applied)
    click.echo(f"The head of {site}/{section} was {found.before}; {'it is' if is_applied else 'it would be'} {number}.")
    if found.out:
        more = f" and {len(found.out) - SHOWN} more" if len(found.out) > SHOWN else ""
        click.echo(f"Articles that do not count above it: {', '.join(map(str, found.out[:SHOWN]))}{more}.")
    click.echo(whether_written(is_applied=is_applied))
