"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound="Callable[..., Any]")


def _default_site() -> str:
    from armcrawl.sites import default_site

    return default_site().name


site_argument = click.argument("site", default=_default_site, metavar="[SITE]")
# What every database takes for a number; nothing that is asked for comes near it.
LARGEST = 2**31 - 1


class Number(click.types.IntParamType):
    """A whole number from `least` on, that a database takes; help shows no upper end that nobody reaches."""

    def __init__(self, least: int, most: int = LARGEST) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; a usage error for any other text."""
        number: int = super().convert(value, param, ctx)
        if not self.least <= number <= self.most:
            self.fail(f"{number} is not in the range {self.least} to {self.most}.", param, ctx)
        return number


ROW_ID = Number(1)

base_url_option = click.option(
    "--base-url", metavar="URL", help="Fetch from this server instead of the site: the sample portal, a mirror."
)
database_option = click.option(
    "--database", metavar="URL", help="Database  [default: $ARMCRAWL_DATABASE_URL or sqlite:///data/armcrawl.db]"
)
archive_option = click.option(
    "--archive", type=click.Path(file_okay=False), metavar="FOLDER",
    help="Raw pages  [default: $ARMCRAWL_ARCHIVE or beside the database]",
)  # fmt: skip
delay_option = click.option(
    "--delay", type=click.FloatRange(min=0), metavar="S",
    help="Seconds between requests  [default: what the site declares]; less than 2 only for this machine, 0 turns "
    "AutoThrottle off.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Log every step.")


def run_options(max_requests: int, max_time: int) -> Callable[[C], C]:
    """Add the options of every run, with its own default budget; `run_settings` reads them."""
    options = (
        base_url_option,
        database_option,
        archive_option,
        click.option("--no-archive", is_flag=True, help="Keep no raw pages: a better parser must fetch them again."),
        click.option("--section", "sections", multiple=True, metavar="NAME",
                     help="Only this section; may be repeated."),
        click.option("--max-requests", type=Number(0), default=max_requests, show_default=True, metavar="N",
                     help="Requests that the run may send; 0 for no limit."),
        click.option("--max-time", type=Number(0), default=max_time, show_default=True, metavar="S",
                     help="Seconds that the run may take; 0 for no limit."),
        delay_option,
        click.option("--concurrency", type=Number(1), default=1, show_default=True, metavar="N",
                     help="Requests at a time; more than one only for this machine."),
        click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True,
                     metavar="S", help="Seconds after which an answer that is not complete is given up."),
        click.option("--impolite", is_flag=True,
                     help="Allow haste on a machine that is not this one: your own mirror of the site."),
        click.option("--mixed-origin", is_flag=True, help="Fill a database from more than one server."),
        click.option("--trust-clock", is_flag=True, help="Go on although the last run's clock was later."),
        click.option("--report", type=click.Path(), metavar="FILE",
                     help="Write what the run did, with examples, into FILE.html or FILE.json."),
        click.option("--metrics", type=click.Path(), metavar="FILE",
                     help="Write the run's numbers into FILE.prom, for Prometheus."),
        click.option("--on-failure", metavar="CMD",
                     help="Run this command line if the exit code is not 0, with the report as JSON on its input."),
        click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True,
                     help="How standard error is written: for people, or a JSON object a line."),
        verbose_option,
    )  # fmt: skip

    def decorate(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def run_settings(site: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return Scrapy's settings for the options of a run; raises UsageError for an unknown site."""
    from armcrawl.sites import site_named

    delay = site_named(site).delay if options["delay"] is None else options["delay"]
    return {
        "ARMCRAWL_BASE_URL": options["base_url"],
        "ARMCRAWL_DATABASE": options["database"],
        "ARMCRAWL_ARCHIVE": options["archive"],
        "ARMCRAWL_NO_ARCHIVE": options["no_archive"],
        "ARMCRAWL_SECTIONS": ",".join(options["sections"]) or None,
        "ARMCRAWL_MAX_REQUESTS": options["max_requests"],
        "ARMCRAWL_MAX_SECONDS": options["max_time"],
        "ARMCRAWL_MIXED_ORIGIN": options["mixed_origin"],
        "ARMCRAWL_IMPOLITE": options["impolite"],
        "ARMCRAWL_TRUST_CLOCK": options["trust_clock"],
        "ARMCRAWL_REPORT": options["report"],
        "ARMCRAWL_METRICS": options["metrics"],
        "ARMCRAWL_ON_FAILURE": options["on_failure"],
        "ARMCRAWL_LOG_FORMAT": options["log_format"],
        "DOWNLOAD_TIMEOUT": options["timeout"],
        **pace(delay, options["concurrency"]),
    }


def pace(delay: float, concurrency: int) -> dict[str, Any]:
    """Return Scrapy's settings for a delay in seconds and a number of requests at a time."""
    return {
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_START_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "CONCURRENT_REQUESTS": concurrency + 1,
    }
