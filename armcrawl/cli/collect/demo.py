"""`armcrawl demo`: crawl the bundled sample portal over real HTTP and show what came in."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import opened
from armcrawl.cli.output import Table, emit, in_words
from armcrawl.errors import ArmcrawlError
from armcrawl.sample.portals import NUMBERED, PORTALS, PRESS

if TYPE_CHECKING:
    from armcrawl.sample.portals import SamplePortal

NEWEST = 10
DATABASES = [one.database for one in PORTALS.values()]


@click.command()
@click.option(
    "--portal",
    type=click.Choice(tuple(PORTALS)),
    default=NUMBERED.site,
    show_default=True,
    help=f"Which portal: the articles of {NUMBERED.site} have numbers, those of {PRESS.site} only addresses.",
)
@click.option("--database", metavar="URL", help=f"Database of the demo. [default: {' or '.join(DATABASES)}]")
@click.option(
    "--markup",
    type=click.Choice([markup for one in PORTALS.values() for markup in one.markups]),
    help=f"How the portal's HTML is made; {' and '.join(PRESS.markups)} are for {PRESS.site}. "
    f"[default: {' or '.join(one.markups[0] for one in PORTALS.values())}]",
)
@click.option(
    "--serve",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Only serve the portal on this port until Ctrl-C, for trying any command with --base-url.",
)
@click.pass_context
def demo(context: click.Context, portal: str, database: str | None, markup: str | None, serve: int | None) -> None:
    """Crawl the bundled sample portal and show what came in.

    The portal is served on a free port of this machine, and what it shows comes into a database of its own.
    """
    chosen = PORTALS[portal]
    markup, database = markup or chosen.markups[0], database or chosen.database
    if markup not in chosen.markups:
        raise click.UsageError(f"The portal {portal} has no markup {markup!r}: it has {', '.join(chosen.markups)}.")
    if serve is not None:
        _serve(chosen, markup, serve)
        return
    from armcrawl.cli.collect.crawl import carry_out
    from armcrawl.crawling.configuration import archive_beside, settings_for

    with chosen.serving(markup) as base_url:
        click.echo(f"The sample portal listens on {base_url}.")
        settings = {
            "ARMCRAWL_KIND": "demo",
            "ARMCRAWL_BASE_URL": base_url,
            "ARMCRAWL_ORIGIN_NAME": "sample portal",
            "ARMCRAWL_DATABASE": database,
            "ARMCRAWL_ARCHIVE": str(archive_beside(database)),
            "ARMCRAWL_MAX_REQUESTS": 0,
            "ARMCRAWL_MAX_TIME": 0,
            **settings_for({"delay": 0, "concurrency": 8}),
        }
        code = carry_out(portal, settings)
    if code == 0:
        _show(chosen, database)
    context.exit(code)


def _serve(portal: SamplePortal, markup: str, port: int) -> None:
    try:
        with portal.serving(markup, port) as base_url:
            click.echo(f"The sample portal listens on {base_url}.")
            if portal.folder is not None:
                click.echo(f"Its site is {portal.site}; in another terminal: export ARMCRAWL_SITES={portal.folder}")
            threading.Event().wait()
    except OSError as error:
        raise ArmcrawlError(
            f"The portal cannot listen on port {port}: {os.strerror(error.errno or 0)}. Name another."
        ) from error


def program() -> str:
    """Return how this program was called, as short as a shell takes it from here."""
    called = Path(sys.argv[0]).absolute()
    if called.name != "armcrawl":
        return "python -m armcrawl"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else "armcrawl"


def _show(portal: SamplePortal, database: str) -> None:
    from armcrawl.discovery.kinds import completeness
    from armcrawl.store.queries.article_rows import newest

    with opened(database) as engine:
        sections, articles = completeness(engine), newest(engine, NEWEST)
    outcomes = sorted({outcome for section in sections for outcome in section.outcomes})
    columns = ("section", *(in_words(outcome).replace("_", " ") for outcome in outcomes))
    rows = [(section.section, *(section.outcomes.get(outcome, 0) for outcome in outcomes)) for section in sections]
    found = [(row.published_on, row.title, ", ".join(row.tags), row.source) for row in articles]
    newest_articles = Table("The newest articles", ("date", "title", "tags", "source"), found)
    emit(None, [Table("What came in", columns, rows), newest_articles], as_json=False)
    again = "demo" if portal is NUMBERED else f"demo --portal {portal.site}"
    into = "" if database == portal.database else f" --database {database}"
    other = portal.markups[1]
    elsewhere = f"--markup {other} --database sqlite:///data/{other}.db"
    declared = "" if portal.folder is None else f"  export ARMCRAWL_SITES={portal.folder}    its site is known then\n"
    click.echo(
        f"Next:\n{declared}"
        f"  {program()} status --database {database}    what is known of every {portal.known_by}\n"
        f"  {program()} {again}{into}    once more: nothing is new\n"
        f"  {program()} {again} {elsewhere}    the same articles in other HTML\n"
        f"  {program()} crawl --help    and then the real site"
    )
