"""`armcrawl backfill`: bring a part of the archive, or all of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.options import run_options, run_settings, site_argument
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

INTERNET_ARCHIVE = "https://web.archive.org"
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@site_argument
@click.option("--ids", metavar="1-30000", help="These ids; several ranges are parted by commas.")
@click.option("--from", "first", type=DAY, metavar="D", help="Articles of this day (2016-05-31) and later.")
@click.option("--to", "last", type=DAY, metavar="D", help="Articles of this day and earlier.")
@click.option("--urls", type=click.Path(), metavar="FILE", help="The addresses in a file, one a line.")
@click.option("--all", "everything", is_flag=True, help="Everything that is missing.")
@click.option(
    "--warc",
    "archives",
    type=click.Path(),
    multiple=True,
    metavar="PATH",
    help="WARC or WACZ files, or folders of them, ours or anyone's; may be repeated. Nothing is fetched.",
)
@click.option(
    "--wayback",
    is_flag=False,
    flag_value=INTERNET_ARCHIVE,
    metavar="[URL]",
    help="Every capture that a web archive has: the Internet Archive, or a collection of a pywb by its URL.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be asked for, and how long it would take.")
@run_options(max_requests=0, max_time=0)
@click.pass_context
def backfill(
    context: click.Context,
    /,
    site: str,
    ids: str | None,
    first: datetime | None,
    last: datetime | None,
    urls: str | None,
    everything: bool,
    archives: tuple[str, ...],
    wayback: str | None,
    dry_run: bool,
    **options: Any,
) -> None:
    """Ask for a part of the archive: by ids, by days, from a list, or all of it.

    Run the same command again to go on: what is known is not asked for again.
    """
    if sum((bool(ids), bool(first or last), bool(urls), everything, bool(archives), bool(wayback))) != 1:
        raise UsageError("Say what to bring: one of --ids, --from and --to, --urls, --all, --warc, or --wayback.")
    settings = {
        "ARMCRAWL_KIND": "backfill",
        "ARMCRAWL_IDS": ids,
        "ARMCRAWL_FROM": first.date().isoformat() if first else None,
        "ARMCRAWL_TO": last.date().isoformat() if last else None,
        "ARMCRAWL_URLS": urls,
        "ARMCRAWL_ALL": everything or None,
        "ARMCRAWL_PROGRESS": True,
        **run_settings(site, options),
    }
    if archives:
        context.exit(_import(site, settings, archives, dry_run=dry_run, verbose=options["verbose"]))
    if wayback and dry_run:
        raise UsageError("--dry-run cannot tell what a web archive has without asking it.")
    if wayback:
        context.exit(_ask_archive(site, settings, wayback, verbose=options["verbose"]))
    if dry_run:
        _tell(site, settings)
        return
    from armcrawl.cli.collect.crawl import carry_out

    context.exit(carry_out(site, settings, verbose=options["verbose"]))


def _import(site: str, settings: dict[str, Any], archives: tuple[str, ...], *, dry_run: bool, verbose: bool) -> int:
    """Import archives, and return the exit code."""
    from armcrawl.cli.collect.archives import import_archives
    from armcrawl.cli.collect.crawl import set_up_log
    from armcrawl.reporting.delivery import telling_failure

    settings |= {"ARMCRAWL_KIND": "import"}
    with telling_failure(site, settings):
        set_up_log(settings, verbose=verbose)
        return import_archives(site, settings, archives, dry_run=dry_run)


def _ask_archive(site: str, settings: dict[str, Any], url: str, *, verbose: bool) -> int:
    """Ask a web archive for the site's articles, and return the exit code."""
    from armcrawl.cli.collect.crawl import run, set_up_log, tell
    from armcrawl.crawling.configuration import configure, origin_of
    from armcrawl.crawling.downloading.politeness import check_politeness
    from armcrawl.crawling.run_extension import check_run
    from armcrawl.crawling.wayback_spider import WaybackSpider
    from armcrawl.reporting.delivery import telling_failure

    # The pages are the site's own, whoever kept them.
    settings |= {"ARMCRAWL_KIND": "wayback", "ARMCRAWL_MIXED_ORIGIN": True}
    with telling_failure(site, settings):
        set_up_log(settings, verbose=verbose)
        configuration = configure(site, settings)
        delay, concurrency = settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"]
        check_politeness(origin_of(configuration.site, url), delay, concurrency, impolite=configuration.impolite)
        check_run(configuration)
        crawler = run(WaybackSpider.of(configuration.site), settings, verbose=verbose, archive_url=url)
    return tell(crawler)


def _tell(site: str, settings: dict[str, Any]) -> None:
    """Tell what the ledger lacks of a goal, without a request."""
    from armcrawl.crawling.configuration import configure
    from armcrawl.crawling.progress_extension import in_words
    from armcrawl.store.base.database import open_database
    from armcrawl.store.ledger import ledger

    configuration = configure(site, settings)
    goal = configuration.goal
    engine = open_database(configuration.database, create=False)
    wanted = 0
    if goal is not None and goal.keys:
        wanted = len(ledger.unknown_keys(engine, list(goal.keys)))
        click.echo(f"{wanted} of {len(goal.keys)} addresses would be asked for.")
    elif goal is not None:
        for section in configuration.sections:
            top = ledger.head(engine, site, section)
            spans = goal.ids or (ledger.span_of_days(engine, site, section, goal.first_day, goal.last_day),)
            for low, high in spans:
                number = ledger.count_wanted(engine, site, section, low, min(high, top))
                wanted += number
                click.echo(f"{section} {low}-{min(high, top)}: {number} ids would be asked for, newest first.")
    engine.dispose()
    delay = settings["DOWNLOAD_DELAY"]
    click.echo(f"{wanted} requests at {delay:g} s each: {in_words(wanted * delay)}.")
    click.echo("The heads are those that the ledger knows; a run looks for newer ones first.")
    sys.stdout.flush()
