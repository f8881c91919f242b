"""`armcrawl crawl`: make the database complete, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.options import run_options, run_settings, site_argument

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


def _pass_over(_: click.Context, __: click.Parameter, every: bool) -> bool:
    """Let a faulty declaration stop no other site, before anything asks which sites there are."""
    from armcrawl.sites.known import pass_over_faulty

    if every:
        pass_over_faulty()
    return every


@click.command()
@site_argument
@click.option("--all", "every", is_flag=True, is_eager=True, callback=_pass_over,
              help="Every site that is set up here, one after another.")  # fmt: skip
@run_options()
@click.pass_context
def crawl(context: click.Context, /, site: str, *, every: bool, **options: Any) -> None:
    """Request every article that the database lacks.

    The newest come first. What the run's budget does not reach, the next run does. A page that is known is requested
    again only when it may have changed.

    With --all it crawls each site that you have declared, that armcrawl.toml names, or that the database has pages of,
    whatever becomes of the others; the exit code is the worst. A report for FILE.html is written into FILE-SITE.html.
    """
    if every:
        from armcrawl.cli.collect.crawl_all import crawl_all

        context.exit(crawl_all(context, options))
    from armcrawl.sites.known import pass_over_faulty

    # The site itself is declared without a fault, or its fault is told.
    pass_over_faulty()
    settings = {"ARMCRAWL_PROGRESS": True, **run_settings(site, options)}
    context.exit(carry_out(site, settings))


def carry_out(site: str, settings: dict[str, Any]) -> int:
    """Run a crawl of a site, print how it went, and return the exit code."""
    from armcrawl.crawling.children import start_children
    from armcrawl.processes.collecting import collect_seldom

    # All that is imported stays: looking through it again and again takes a tenth of the time.
    collect_seldom()
    # They import what they need beside this process, which has the rest to import.
    start_children(is_archived=not settings.get("ARMCRAWL_NO_ARCHIVE"))
    from armcrawl.cli.running import set_up_log
    from armcrawl.reporting.delivery import telling_failure

    with telling_failure(site, settings):
        set_up_log(settings)
        check(site, settings)
        crawler = run(site, settings)
    return tell(crawler)


def run(spider: str | type[Spider], settings: dict[str, Any], **arguments: Any) -> Crawler:
    """Run a spider that was checked, and return its crawler; raises ArmcrawlError if it cannot begin."""
    from armcrawl.cli.running import run_spider

    return run_spider(spider, settings, **arguments)


def tell(crawler: Crawler) -> int:
    """Print how a run went, and return the exit code."""
    from armcrawl.cli.summary import print_summary
    from armcrawl.cli.verbosity import is_quiet
    from armcrawl.crawling.run_extension import run_of
    from armcrawl.reporting import logs

    run = run_of(crawler)
    if run.outcome is None or run.report is None:
        logs.tell("armcrawl: the run ended before it began.", is_error=True)
        return 1
    # Where a report or metrics are written to standard output, they have it for themselves.
    is_taken = "-" in map(crawler.settings.get, ("ARMCRAWL_REPORT", "ARMCRAWL_METRICS"))
    if not is_quiet():
        print_summary(run.report.to_json(), err=is_taken)
    if run.outcome.exit_code or (logs.is_json() and not is_quiet()):
        logs.tell(run.outcome.sentence, is_error=run.outcome.exit_code != 0)
    elif not is_quiet():
        click.echo(run.outcome.sentence, err=is_taken)
    return run.exit_code


def check(site: str, settings: dict[str, Any]) -> None:
    """Find what is wrong with a run before it starts; raises ArmcrawlError."""
    from armcrawl.crawling.configuration import configure
    from armcrawl.crawling.downloading.politeness import check_politeness
    from armcrawl.crawling.run_extension import check_run

    configuration = configure(site, settings)
    delay, concurrency = settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"]
    check_politeness(configuration.origin, delay, concurrency, impolite=configuration.impolite)
    check_run(configuration)
