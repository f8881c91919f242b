"""`armcrawl doctor`: is everything ready for a night, and what to do where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import database_url
from armcrawl.cli.options import archive_option, base_url_option, database_option, json_option, option, site_argument
from armcrawl.cli.output import emit
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
@option("min_free", help="Room that the disk must have.")
@click.option("--offline", is_flag=True, help="Ask the site for nothing.")
@json_option
@click.pass_context
def doctor(
    context: click.Context,
    site: str,
    base_url: str | None,
    database: str | None,
    archive: str | None,
    min_free: float,
    offline: bool,
    as_json: bool,
) -> None:
    """Check whether this machine is ready for a night.

    It says what to do. It checks contact, database, tables, clock, heads, archive, disk, and whether the site's
    robots.txt allows the crawl and its pages answer. Nothing is changed, and the site is asked for three pages. The
    exit code is 1 if anything is to do. `armcrawl trial` tells whether a site is read right.
    """
    from armcrawl.discovery.kinds import plan_of
    from armcrawl.jobs.health import check_machine
    from armcrawl.sites import site_named

    declared = site_named(site)
    plan_of(declared)
    findings = check_machine(database_url(database), archive, min_free)
    if not (offline or declared.is_any):
        findings += _check_site(declared, base_url)
    lines = (f"{one.check:<10}  {'ok   ' if one.ok else 'TO DO'}  {one.said}" for one in findings)
    emit(findings, lines, as_json=as_json)
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
    """Tell whether the site answers with its pages; how they are read is the trial's matter."""
    from armcrawl.cli.reading import result_of
    from armcrawl.jobs.health import Finding

    if look.understood is None:
        said = f"{look.asked} was not read: {look.error}. Look at it in a browser, and try again in an hour."
        return Finding("page", ok=False, said=said)
    result = result_of(look.understood)
    if result.is_blocked:
        said = f"{look.asked} is kept from us ({result.outcome}): look at it in a browser, and ask the site's owner."
        return Finding("page", ok=False, said=said)
    return Finding("page", ok=True, said=f"{look.asked} answers; `armcrawl trial` tells whether it is read right.")


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
