"""`armcrawl doctor`: is everything ready for a night, and what to do where it is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import archive_option, base_url_option, database_option, json_option, site_argument
from armcrawl.errors import ArmcrawlError

if TYPE_CHECKING:
    from armcrawl.crawling.look import Look
    from armcrawl.jobs.health import Finding
    from armcrawl.sites import Site

# A machine that keeps its clock is off by less than a second; from a day on, articles get wrong dates.
MAX_SECONDS_OFF = 300


@click.command()
@site_argument
@base_url_option
@database_option
@archive_option
@click.option("--least-free", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="GB",
              help="Room that the disk must have.")  # fmt: skip
@click.option("--offline", is_flag=True, help="Ask the site for nothing.")
@json_option
@click.pass_context
def doctor(
    context: click.Context,
    site: str,
    base_url: str | None,
    database: str | None,
    archive: str | None,
    least_free: float,
    offline: bool,
    as_json: bool,
) -> None:
    """Check contact, database, tables, clock, heads, archive, disk, robots.txt and a live page; say what to do.

    Nothing is changed. The site is asked for three pages: robots.txt, the home page, and an article. The exit
    code is 1 if anything is to do.
    """
    from armcrawl.discovery.kinds import kind_of
    from armcrawl.jobs.health import check_machine
    from armcrawl.sites import site_named

    declared = site_named(site)
    kind_of(declared)
    findings = check_machine(database or config.database_url(), archive, least_free)
    if not offline:
        findings += _check_site(declared, base_url)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.check:<10}  {'ok   ' if finding.ok else 'TO DO'}  {finding.said}")
    context.exit(0 if all(finding.ok for finding in findings) else 1)


def _check_site(site: Site, base_url: str | None) -> list[Finding]:
    """Look at the site as a crawl would."""
    from armcrawl.cli.looking import look_at
    from armcrawl.jobs.health import Finding

    try:
        looks = look_at(site, [], base_url, pages=1)
    except ArmcrawlError as error:
        return [Finding("robots.txt", ok=False, said=f"Not asked for: {error}")]
    look = looks[-1]
    if look.error is not None and "robots.txt" in look.error:
        said = (
            "robots.txt forbids armcrawl the page: ask the site's owner whether you may crawl it."
            if "Forbidden" in look.error
            else f"{look.error}: look at {look.asked} in a browser."
        )
        return [Finding("robots.txt", ok=False, said=said)]
    findings = [Finding("robots.txt", ok=True, said="It can be read, and allows the crawl."), _page(look)]
    return [*findings, *_site_clock(look)]


def _page(look: Look) -> Finding:
    from armcrawl.cli.reading import result_of
    from armcrawl.jobs.health import Finding

    if look.understood is None:
        said = f"{look.asked} was not read: {look.error}. Look at it in a browser, and try again in an hour."
        return Finding("page", ok=False, said=said)
    result = result_of(look.understood)
    if result.article is None or result.fault is not None:
        said = (
            f"{look.asked} (status {look.understood.response.status}) is read as {result.outcome}: see whether "
            "`armcrawl trial` reads others right, and report it if not."
        )
        return Finding("page", ok=False, said=said)
    return Finding("page", ok=True, said=f"{look.asked} is read: {result.article.title}")


def _site_clock(look: Look) -> list[Finding]:
    """Compare the clock with the site's, if that tells the time."""
    from email.utils import parsedate_to_datetime

    from armcrawl.jobs.health import Finding

    try:
        there = parsedate_to_datetime(look.server_time or "")
        seconds = abs((look.fetched_at - there).total_seconds())
    except (ValueError, TypeError):
        return []
    if seconds <= MAX_SECONDS_OFF:
        return [Finding("site clock", ok=True, said="The site's clock and this one agree.")]
    said = (
        f"This clock says {look.fetched_at:%Y-%m-%d %H:%M} UTC, the site's {there:%Y-%m-%d %H:%M}: set this one "
        "(timedatectl set-ntp true), or trust it if you know that it is right."
    )
    return [Finding("site clock", ok=False, said=said)]
