"""`armcrawl crawl`: make the database complete, newest first."""

from __future__ import annotations

import sys
from typing import Any

import click

from armcrawl.cli.options import run_options, run_settings, site_argument


@click.command()
@site_argument
@run_options(max_requests=1000, max_time=14400)
@click.pass_context
def crawl(context: click.Context, /, site: str, **options: Any) -> None:
    """Ask the site for every article that the database lacks, newest first.

    What the run's budget does not reach, the next run does. What is known is asked for again only when it may
    have changed.
    """
    settings = {"ARMCRAWL_PROGRESS": sys.stderr.isatty(), **run_settings(options)}
    context.exit(carry_out(site, settings, verbose=options["verbose"]))


def carry_out(site: str, settings: dict[str, Any], *, verbose: bool) -> int:
    """Run a crawl of a site, print how it went, and return the exit code."""
    check(site, settings)
    return run_and_tell(site, settings, verbose=verbose)


def run_and_tell(spider: str, settings: dict[str, Any], *, verbose: bool, **arguments: Any) -> int:
    """Run a spider that was checked, print how it went, and return the exit code."""
    from armcrawl.cli.running import run_spider
    from armcrawl.runs.extension import run_of

    crawler = run_spider(spider, settings, verbose=verbose, **arguments)
    run = run_of(crawler)
    outcome = run.outcome
    if outcome is None:
        click.echo("armcrawl: the run ended before it began.", err=True)
        return 1
    report(run.counts, crawler.stats.get_stats(), run.budget.sent)
    click.echo(outcome.sentence, err=outcome.exit_code != 0)
    number = crawler.stats.get_value("armcrawl/signal")
    return 128 + number if number else outcome.exit_code


def check(site: str, settings: dict[str, Any]) -> None:
    """Find what is wrong with a run before it starts; raises ArmcrawlError."""
    from armcrawl.runs.configuration import configure
    from armcrawl.runs.extension import check_run
    from armcrawl.runs.politeness import check_politeness

    configuration = configure(site, settings)
    delay, concurrency = settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"]
    check_politeness(configuration.origin, delay, concurrency, impolite=configuration.impolite)
    check_run(configuration)


def report(counts: dict[str, int], stats: dict[str, Any], requests: int) -> None:
    """Print what a run brought."""
    pages = ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "none"
    articles = ", ".join(
        f"{name} {stats.get(f'armcrawl/articles/{name}', 0)}" for name in ("new", "changed", "unchanged")
    )
    click.echo(f"Requests: {requests}. Pages: {pages}. Articles: {articles}.")
