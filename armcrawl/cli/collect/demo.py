"""`armcrawl demo`: crawl the bundled sample portal over real HTTP and show what came in."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import click

from armcrawl import config
from armcrawl.cli.options import verbose_option
from armcrawl.errors import ArmcrawlError

NEWEST = 10


@click.command()
@click.option(
    "--database", metavar="URL", default=config.DEMO_DATABASE, show_default=True, help="Database of the demo."
)
@click.option(
    "--markup", metavar="NAME", default="bootstrap", show_default=True, help="bootstrap, tables, html5 or generated."
)
@click.option(
    "--serve",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Only serve the portal on this port until Ctrl-C, for trying any command with --base-url.",
)
@verbose_option
@click.pass_context
def demo(context: click.Context, database: str, markup: str, serve: int | None, verbose: bool) -> None:
    """Crawl the bundled sample portal into data/demo.db, and show what came in."""
    if serve is not None:
        _serve(markup, serve)
        return
    from armcrawl.cli.collect.crawl import carry_out
    from armcrawl.cli.options import pace
    from armcrawl.sample.articles import SITE
    from armcrawl.sample.server import serving

    with serving(markup) as base_url:
        click.echo(f"The sample portal listens on {base_url}.")
        settings = {
            "ARMCRAWL_KIND": "demo",
            "ARMCRAWL_BASE_URL": base_url,
            "ARMCRAWL_ORIGIN_NAME": "sample portal",
            "ARMCRAWL_DATABASE": database,
            "ARMCRAWL_MAX_REQUESTS": 0,
            "ARMCRAWL_MAX_SECONDS": 0,
            **pace(0, 8),
        }
        code = carry_out(SITE.name, settings, verbose=verbose)
    if code == 0:
        _show(database)
    context.exit(code)


def _serve(markup: str, port: int) -> None:
    from armcrawl.sample.server import serving

    try:
        with serving(markup, port=port) as base_url:
            click.echo(f"The sample portal listens on {base_url}.")
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


def _show(database: str) -> None:
    from armcrawl.cli.tables import print_table
    from armcrawl.discovery.kinds import completeness
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.article_rows import newest

    engine = open_database(database, create=False)
    sections = completeness(engine)
    articles = newest(engine, NEWEST)
    engine.dispose()
    outcomes = sorted({outcome for section in sections for outcome in section.outcomes})
    print_table(
        "What came in",
        ("section", *(outcome.replace("_", " ") for outcome in outcomes)),
        [(section.section, *(section.outcomes.get(outcome, 0) for outcome in outcomes)) for section in sections],
    )
    print_table(
        "The newest articles",
        ("date", "title", "tags", "source"),
        [(row.published_on, row.title, ", ".join(row.tags), row.source) for row in articles],
    )
    click.echo(
        "Next:\n"
        f"  {program()} status --database {database}    what is known of every id\n"
        f"  {program()} demo    once more: nothing is new\n"
        f"  {program()} demo --markup tables --database sqlite:///data/tables.db    the same articles in other HTML\n"
        f"  {program()} crawl --help    and then the real site"
    )
