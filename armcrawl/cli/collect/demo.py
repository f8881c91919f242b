"""`armcrawl demo`: crawl the bundled sample portal over real HTTP and show what came in."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.engine import opened
from armcrawl.cli.output import Table, emit, in_words
from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

NEWEST = 10
# The markups as the portals have them, the usual one first; importing those takes longer than to show help.
MARKUPS = {"armtorg": ("bootstrap", "tables", "html5", "generated"), "press": ("wordpress", "static")}
DATABASES = {"armtorg": config.DEMO_DATABASE, "press": config.PRESS_DEMO_DATABASE}


@click.command()
@click.option(
    "--portal",
    type=click.Choice(tuple(MARKUPS)),
    default="armtorg",
    show_default=True,
    help="Which portal: armtorg has numbered articles, press has listings, feeds and sitemaps.",
)
@click.option(
    "--database",
    metavar="URL",
    help=f"Database of the demo. [default: {' or '.join(DATABASES.values())}]",
)
@click.option(
    "--markup",
    type=click.Choice([markup for markups in MARKUPS.values() for markup in markups]),
    help="How the portal's HTML is made; the last two are those of press. [default: bootstrap or wordpress]",
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

    The portal is served on a free port of this machine, and what it shows comes into data/demo.db, or
    data/demo-press.db.
    """
    markup, database = markup or MARKUPS[portal][0], database or DATABASES[portal]
    if markup not in MARKUPS[portal]:
        raise click.UsageError(f"The portal {portal} has no markup {markup!r}: it has {', '.join(MARKUPS[portal])}.")
    if serve is not None:
        _serve(portal, markup, serve)
        return
    from armcrawl.cli.collect.crawl import carry_out
    from armcrawl.crawling.configuration import archive_beside, settings_for

    with _serving(portal, markup) as base_url:
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
        _show(portal, database)
    context.exit(code)


def _serving(portal: str, markup: str, port: int = 0) -> AbstractContextManager[str]:
    """Serve a portal, and have its site known, also to the processes that this one starts."""
    from armcrawl.sample import server

    if portal == "armtorg":
        return server.serving(markup, port=port)
    from armcrawl.sample.press.articles import DECLARATION
    from armcrawl.sites.known import forget_sites

    os.environ["ARMCRAWL_SITES"] = str(DECLARATION.parent)
    forget_sites()
    return server.serving_press(markup, port=port)


def _serve(portal: str, markup: str, port: int) -> None:
    try:
        with _serving(portal, markup, port) as base_url:
            click.echo(f"The sample portal listens on {base_url}.")
            if portal != "armtorg":
                click.echo(f"Its site is declared in {os.environ['ARMCRAWL_SITES']}: set ARMCRAWL_SITES to that.")
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


def _show(portal: str, database: str) -> None:
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
    again = "demo" if portal == "armtorg" else f"demo --portal {portal}"
    known = "id" if portal == "armtorg" else "page"
    other = MARKUPS[portal][1]
    elsewhere = f"--markup {other} --database sqlite:///data/{other}.db"
    click.echo(
        "Next:\n"
        f"  {program()} status --database {database}    what is known of every {known}\n"
        f"  {program()} {again}    once more: nothing is new\n"
        f"  {program()} {again} {elsewhere}    the same articles in other HTML\n"
        f"  {program()} crawl --help    and then the real site"
    )
