"""`armcrawl demo`: crawl the bundled sample portal over real HTTP and show what came in."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import click

from armcrawl import config
from armcrawl.cli.engine import opened
from armcrawl.cli.output import Table, emit, in_words
from armcrawl.errors import ArmcrawlError

NEWEST = 10
# As `armcrawl.sample.portal` has them; importing it takes longer than to show help.
MARKUPS = ("bootstrap", "tables", "html5", "generated")


@click.command()
@click.option(
    "--database", metavar="URL", default=config.DEMO_DATABASE, show_default=True, help="Database of the demo."
)
@click.option(
    "--markup",
    type=click.Choice(MARKUPS),
    default="bootstrap",
    show_default=True,
    help="How the portal's HTML is made.",
)
@click.option(
    "--serve",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Only serve the portal on this port until Ctrl-C, for trying any command with --base-url.",
)
@click.pass_context
def demo(context: click.Context, database: str, markup: str, serve: int | None) -> None:
    """Crawl the bundled sample portal and show what came in.

    The portal is served on a free port of this machine, and what it shows comes into data/demo.db.
    """
    if serve is not None:
        _serve(markup, serve)
        return
    from armcrawl.cli.collect.crawl import carry_out
    from armcrawl.crawling.configuration import archive_beside, settings_for
    from armcrawl.sample.articles import SITE
    from armcrawl.sample.server import serving

    with serving(markup) as base_url:
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
        code = carry_out(SITE.name, settings)
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
    click.echo(
        "Next:\n"
        f"  {program()} status --database {database}    what is known of every id\n"
        f"  {program()} demo    once more: nothing is new\n"
        f"  {program()} demo --markup tables --database sqlite:///data/tables.db    the same articles in other HTML\n"
        f"  {program()} crawl --help    and then the real site"
    )
