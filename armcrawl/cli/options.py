"""Options that several commands share."""

from __future__ import annotations

import click

site_argument = click.argument("site", default="armtorg", metavar="[SITE]")
base_url_option = click.option(
    "--base-url", metavar="URL", help="Fetch from this server instead of the site: the sample portal, a mirror."
)
database_option = click.option(
    "--database", metavar="URL", help="Database  [default: $ARMCRAWL_DATABASE_URL or sqlite:///data/armcrawl.db]"
)
delay_option = click.option(
    "--delay", type=click.FloatRange(min=0), default=2.0, show_default=True, metavar="S",
    help="Seconds between requests; less than 2 only for this machine, 0 turns AutoThrottle off.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Log every step.")
