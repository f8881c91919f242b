"""`armcrawl crawl`: make the database complete, newest first."""

from __future__ import annotations

from typing import Any

import click

from armcrawl.cli.options import base_url_option, database_option, delay_option, site_argument, verbose_option


@click.command()
@site_argument
@base_url_option
@database_option
@click.option("--section", "sections", multiple=True, metavar="NAME", help="Only this section; may be repeated.")
@click.option("--max-requests", type=click.IntRange(min=0), default=1000, show_default=True, metavar="N",
              help="Requests that the run may send; 0 for no limit.")  # fmt: skip
@click.option("--max-time", type=click.IntRange(min=0), default=14400, show_default=True, metavar="S",
              help="Seconds that the run may take; 0 for no limit.")  # fmt: skip
@delay_option
@click.option("--concurrency", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="Requests at a time; more than one only for this machine.")  # fmt: skip
@click.option("--mixed-origin", is_flag=True, help="Fill a database from more than one server.")
@verbose_option
@click.pass_context
def crawl(
    context: click.Context,
    site: str,
    base_url: str | None,
    database: str | None,
    sections: tuple[str, ...],
    max_requests: int,
    max_time: int,
    delay: float,
    concurrency: int,
    mixed_origin: bool,
    verbose: bool,
) -> None:
    """Ask the site for every article that the database lacks, newest first.

    What the run's budget does not reach, the next run does. What is known is not asked again.
    """
    settings = {
        "ARMCRAWL_BASE_URL": base_url,
        "ARMCRAWL_DATABASE": database,
        "ARMCRAWL_SECTIONS": ",".join(sections) or None,
        "ARMCRAWL_MAX_REQUESTS": max_requests,
        "ARMCRAWL_MAX_SECONDS": max_time,
        "ARMCRAWL_MIXED_ORIGIN": mixed_origin,
        **pace(delay, concurrency),
    }
    context.exit(carry_out(site, settings, verbose=verbose))


def pace(delay: float, concurrency: int) -> dict[str, Any]:
    """Return Scrapy's settings for a delay in seconds and a number of requests at a time."""
    return {
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_START_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "CONCURRENT_REQUESTS": concurrency + 1,
    }


def carry_out(site: str, settings: dict[str, Any], *, verbose: bool) -> int:
    """Run a crawl, print how it went, and return the exit code."""
    check(site, settings)
    from armcrawl.cli.running import run_spider
    from armcrawl.runs.extension import run_of

    crawler = run_spider(site, settings, verbose=verbose)
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
    check_politeness(configuration.origin, settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"])
    check_run(configuration)


def report(counts: dict[str, int], stats: dict[str, Any], requests: int) -> None:
    """Print what a run brought."""
    pages = ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "none"
    articles = ", ".join(
        f"{name} {stats.get(f'armcrawl/articles/{name}', 0)}" for name in ("new", "changed", "unchanged")
    )
    click.echo(f"Requests: {requests}. Pages: {pages}. Articles: {articles}.")
