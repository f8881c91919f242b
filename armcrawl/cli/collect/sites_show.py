"""`armcrawl sites show`: a declaration as it counts, with what is set for the site and what is held of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.engine import database_url
from armcrawl.cli.options import database_option, json_option, said_of
from armcrawl.cli.output import Table, emit, listed
from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.sites import Site

# What the command line says of one call is not of a site.
PLACES = ("site", "both")


@click.command()
@click.argument("name")
@database_option
@json_option
def show(name: str, database: str | None, *, as_json: bool) -> None:
    """Show how a site is declared and what is set for it, and count what the database holds of it."""
    from msgspec import to_builtins

    from armcrawl.redaction import all_without_secrets
    from armcrawl.sites import file_of, site_named

    site = site_named(name)
    held, problem = _held(site, database)
    told = to_builtins(site) | {
        "file": str(file_of(name)),
        "sections": [
            to_builtins(section) | {"examples": [one.example for one in section.patterns]} for section in site.sections
        ],
        "options": {option: {"value": said.value, "from": said.where} for option, said in _options(site).items()},
        "held": held,
    }
    emit(all_without_secrets(told), _shown(site, held, problem), as_json=as_json)


def place_of(name: str) -> str:
    """Return where a known site is declared, for a person: a file of the package is shown from there on."""
    from armcrawl.sites import file_of, is_shipped
    from armcrawl.sites.known import OWN_FOLDER

    path = file_of(name)
    return str(path.relative_to(OWN_FOLDER.parents[1]) if is_shipped(name) else path)


def _held(site: Site, database: str | None) -> tuple[dict[str, dict[str, int]] | None, str | None]:
    """Count the pages of a site by section and outcome; None, and why, where there is no database to ask."""
    from armcrawl.cli.collect.plan import has_tables
    from armcrawl.cli.engine import opened
    from armcrawl.store.queries.status import outcomes_of

    url = database_url(database)
    try:
        if not has_tables(url):
            return None, "There is no database yet."
        with opened(url, reads=True) as engine:
            return outcomes_of(engine, site.name), None
    except ArmcrawlError as error:
        return None, str(error)


def _options(site: Site) -> dict[str, Any]:
    from armcrawl.options import OPTIONS

    return {name: said_of(row, site) for name, row in OPTIONS.items() if row.place in PLACES and name != "on_failure"}


def _shown(site: Site, held: dict[str, dict[str, int]] | None, problem: str | None) -> Iterator[Table | str]:
    yield Table(f"{site.title or site.name}", ("", "declared"), list(_facts(site)))
    sections: list[tuple[str | None, ...]] = [
        (section.name, section.title, section.listing, text, one.key, one.example)
        for section in site.sections
        for text, one in zip(section.addresses, section.patterns, strict=True)
    ]
    if site.is_any:
        sections = [
            (one.name, one.title, None, "any of hosts that no other site has", None, None) for one in site.sections
        ]
    yield Table("Sections", ("section", "title", "listing", "addresses", "key", "such as"), sections)
    found = [
        (
            one.kind,
            ", ".join(one.sections) or "all",
            ", ".join(f"{name} = {said}" for name, said in one.options.items()),
        )
        for one in site.discoveries
    ]
    yield Table("Discovery", ("kind", "sections", "options"), found)
    options = [(name, said.value, said.where) for name, said in _options(site).items() if said.where != "default"]
    if options:
        yield Table("Options that are set", ("option", "value", "from"), options)
    if held:
        yield Table("Held", ("section", "pages"), [(name, listed(counts)) for name, counts in sorted(held.items())])
    else:
        yield problem or "The database holds no page of it."
    if not site.verified:
        yield f"Nobody had seen its pages when it was declared: `armcrawl trial {site.name}` shows how they are read."


def _facts(site: Site) -> Iterator[tuple[str, str]]:
    """Yield what is declared of a site beside its sections and discoveries, as far as anything is."""
    facts = {
        "site": f"{site.name} (default)" if site.default else site.name,
        "file": place_of(site.name),
        "verified": "yes" if site.verified else "NO",
        "hosts": ", ".join(site.hosts),
        "zone": site.zone,
        "own names": ", ".join(site.own_names),
        "galleries": ", ".join(site.galleries),
        "nightly": site.schedule.nightly or "",
        "hints": ", ".join(f"{name}: {selector}" for name, selector in site.hints.selectors.items()),
        "bounds": ", ".join(f"{name}: {share:g}" for name, share in site.bounds.items()),
        "unjudged": "; ".join(f"{kind}: {', '.join(sorted(names))}" for kind, names in site.unjudged.items()),
    }
    yield from ((name, said) for name, said in facts.items() if said)
