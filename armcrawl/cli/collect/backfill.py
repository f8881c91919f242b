"""`armcrawl backfill`: bring a part of the archive, or all of it."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.days import day_options
from armcrawl.cli.options import run_options, run_settings, site_argument
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

INTERNET_ARCHIVE = "https://web.archive.org"


@click.command()
@site_argument
@click.option("--ids", metavar="1-30000", help="These ids; separate several ranges by commas.")
@day_options("Articles of")
@click.option("--urls", type=click.Path(allow_dash=True), metavar="FILE",
              help="The addresses in a file, one a line; - is standard input.")  # fmt: skip
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
@click.option("--plan", "is_planned", is_flag=True, help="Only tell what would be asked for, and how long it takes.")
@click.option("--apply", "is_applied", is_flag=True, help="Begin, also if it takes more than an hour.")
@run_options(max_requests=0)
@click.pass_context
def backfill(
    context: click.Context,
    /,
    site: str,
    ids: str | None,
    since: date | None,
    until: date | None,
    urls: str | None,
    everything: bool,
    archives: tuple[str, ...],
    wayback: str | None,
    is_planned: bool,
    is_applied: bool,
    **options: Any,
) -> None:
    """Fetch a part of the site's past articles, or all.

    By ids, by days, from a list, or from archives. Run the same command again to go on: pages that are known are not
    requested again. A backfill of more than an hour shows its plan first, and begins with --apply. Between days, large
    holes in the ids are skipped, and what was skipped is told.
    """
    if sum((bool(ids), bool(since or until), bool(urls), everything, bool(archives), bool(wayback))) != 1:
        raise UsageError(
            "Say what to bring by one of --ids, --since and --until, --urls, --all, --warc, or --wayback: they exclude "
            "one another."
        )
    if is_planned and is_applied:
        raise UsageError("--plan only shows, and --apply begins: leave out one of them.")
    with file_of(urls) as listed:
        settings = {
            "ARMCRAWL_KIND": "backfill",
            "ARMCRAWL_IDS": ids,
            "ARMCRAWL_SINCE": since.isoformat() if since else None,
            "ARMCRAWL_UNTIL": until.isoformat() if until else None,
            "ARMCRAWL_URLS": listed,
            "ARMCRAWL_ALL": everything or None,
            "ARMCRAWL_PROGRESS": True,
            **run_settings(site, options),
        }
        if archives:
            code = _import(site, settings, archives, is_planned=is_planned)
        elif wayback and is_planned:
            raise UsageError("--plan cannot tell what a web archive has without asking it.")
        elif wayback:
            code = _ask_archive(site, settings, wayback)
        else:
            code = _ask_site(site, settings, is_planned=is_planned, is_applied=is_applied)
    context.exit(code)


@contextmanager
def file_of(urls: str | None) -> Iterator[str | None]:
    """Yield the name of a file of addresses; standard input is kept in one, as a run reads it more than once."""
    if urls != "-":
        yield urls
        return
    with NamedTemporaryFile(prefix="armcrawl-urls-") as file:
        file.write(sys.stdin.buffer.read())
        file.flush()
        yield file.name


def _ask_site(site: str, settings: dict[str, Any], *, is_planned: bool, is_applied: bool) -> int:
    """Ask the site for the goal, unless only the plan is wanted or it takes too long; return the exit code."""
    from armcrawl.cli.collect.crawl import carry_out
    from armcrawl.cli.collect.plan import plan_of

    if is_planned or not is_applied:
        plan = plan_of(site, settings)
        if is_planned or plan.is_long:
            click.echo("\n".join(plan.in_words()))
            if plan.is_long:
                click.echo("Nothing is asked for yet: add --apply, or a limit by --max-requests or --max-time.")
            return 0
    return carry_out(site, settings)


def _import(site: str, settings: dict[str, Any], archives: tuple[str, ...], *, is_planned: bool) -> int:
    """Import archives, and return the exit code."""
    from armcrawl.cli.collect.archives import import_archives
    from armcrawl.cli.running import set_up_log
    from armcrawl.reporting.delivery import telling_failure

    settings |= {"ARMCRAWL_KIND": "import"}
    # A plan is no run: it writes over no report, and calls nobody.
    with nullcontext() if is_planned else telling_failure(site, settings):
        set_up_log(settings)
        return import_archives(site, settings, archives, is_planned=is_planned)


def _ask_archive(site: str, settings: dict[str, Any], url: str) -> int:
    """Ask a web archive for the site's articles, and return the exit code."""
    from armcrawl.cli.collect.crawl import run, tell
    from armcrawl.cli.running import set_up_log
    from armcrawl.crawling.configuration import configure, origin_of
    from armcrawl.crawling.downloading.politeness import check_politeness
    from armcrawl.crawling.run_extension import check_run
    from armcrawl.crawling.wayback_spider import WaybackSpider
    from armcrawl.reporting.delivery import telling_failure

    # The pages are the site's own, whoever kept them.
    settings |= {"ARMCRAWL_KIND": "wayback", "ARMCRAWL_MIXED_ORIGIN": True}
    with telling_failure(site, settings):
        set_up_log(settings)
        configuration = configure(site, settings)
        if configuration.site.is_any:
            raise UsageError(
                f"A web archive can be asked for all of a site, and {site} is none: name one, or use --warc."
            )
        delay, concurrency = settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"]
        check_politeness(origin_of(configuration.site, url), delay, concurrency, impolite=configuration.impolite)
        check_run(configuration)
        crawler = run(WaybackSpider.of(configuration.site), settings, archive_url=url)
    return tell(crawler)
