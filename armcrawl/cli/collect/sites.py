"""`armcrawl sites`: what a person knows of a site better than its pages tell."""

from __future__ import annotations

import json
from contextlib import nullcontext

import click

from armcrawl import config
from armcrawl.cli.options import Number, database_option, json_option
from armcrawl.errors import UsageError

# As many digits as an id may have.
MAX_ID = 10**18 - 1
# Of many ids that do not count any more a person reads a few.
SHOWN = 10


@click.group()
def sites() -> None:
    """Which sites there are, and what a person knows of them better than their pages tell."""


@sites.command("list")
@json_option
def list_sites(*, as_json: bool) -> None:
    """List the sites that are declared: in the package, in sites/, and in the folder $ARMCRAWL_SITES."""
    from msgspec import to_builtins

    from armcrawl.cli.tables import print_table
    from armcrawl.sites import known_sites

    found = sorted(known_sites().values(), key=lambda site: site.name)
    if as_json:
        click.echo(json.dumps([to_builtins(site) for site in found], ensure_ascii=False, indent=2, default=sorted))
        return
    rows = [
        (
            f"{site.name} (default)" if site.default else site.name,
            site.title,
            site.host,
            ", ".join(section.name for section in site.sections),
            ", ".join(one.kind for one in site.discoveries),
            site.nightly,
        )
        for site in found
    ]
    print_table("Sites", ("site", "title", "host", "sections", "discovery", "nightly"), rows)


@sites.command()
@click.argument("site")
@click.argument("section")
@click.argument("number", type=Number(1, MAX_ID), metavar="ID")
@click.option("--apply", "is_applied", is_flag=True, help="Write it; without this only tell what would change.")
@database_option
def head(site: str, section: str, number: int, is_applied: bool, database: str | None) -> None:
    """Let a section end with article ID, the newest that the site counts: ids above it were a slip or a test.

    What was stored above it stays, and does not count any more; ids that nobody should have asked for are forgotten.
    """
    from armcrawl.sites import PageKey, site_named
    from armcrawl.store.articles.decisions import set_head
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    known = [one.name for one in site_named(site).sections]
    if section not in known:
        raise UsageError(f"{site} has no section {section!r}: its sections are {', '.join(known)}.")
    url = database or config.database_url()
    engine = open_database(url, create=False)
    try:
        with locking_all(url, "sites head") if is_applied else nullcontext():
            found = set_head(engine, PageKey(site, section, str(number)), is_applied=is_applied)
    finally:
        engine.dispose()
    click.echo(f"The head of {site}/{section} was {found.before}; {'it is' if is_applied else 'it would be'} {number}.")
    if found.out:
        more = f" and {len(found.out) - SHOWN} more" if len(found.out) > SHOWN else ""
        click.echo(f"Articles that do not count above it: {', '.join(map(str, found.out[:SHOWN]))}{more}.")
    click.echo("It is written." if is_applied else "Nothing is written yet: add --apply.")
