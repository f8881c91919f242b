"""`armcrawl stats`: how many articles there are, with bars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.explore.search import DAY
from armcrawl.cli.options import database_option, json_option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Engine

    from armcrawl.store.queries.statistics import Count

MONTH, TAG, SOURCE, SECTION = "month", "tag", "source", "section"
# Names and kinds need the rest of 80 columns.
BAR = 24
EIGHTHS = " ▏▎▍▌▋▊▉█"
# A screen; the rest is one --top away.
TOP = 30


@click.command()
@click.option("--by", type=click.Choice([MONTH, TAG, SOURCE, SECTION]), default=MONTH, show_default=True)
@click.option("--from", "first", type=DAY, metavar="D", help="Only articles of this day (2016-05-31) and later.")
@click.option("--to", "last", type=DAY, metavar="D", help="Only articles of this day and earlier.")
@click.option(
    "--top", type=click.IntRange(min=0), default=TOP, show_default=True, metavar="N",
    help="The most frequent tags or sources; 0 for all.",
)  # fmt: skip
@database_option
@json_option
def stats(
    by: str, first: datetime | None, last: datetime | None, top: int, database: str | None, as_json: bool
) -> None:
    """Count the published articles by month, tag, source or section."""
    from dataclasses import asdict

    from armcrawl.store.base.database import open_database

    if first and last and first > last:
        raise UsageError(f"--from {first.date()} is after --to {last.date()}.")
    engine = open_database(database or config.database_url(), create=False)
    try:
        found = _count(engine, by, first.date() if first else None, last.date() if last else None, top)
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps([asdict(count) for count in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("There is no article to count.")
    else:
        _print(by, found)


def _count(engine: Engine, by: str, first: date | None, last: date | None, top: int) -> list[Count]:
    from armcrawl.store.queries import statistics

    if by == MONTH:
        return statistics.by_month(engine, first, last)
    if by == SECTION:
        return statistics.by_section(engine, first, last)
    if by == TAG:
        return statistics.by_tag(engine, first, last, top)
    return statistics.by_source(engine, first, last, top)


def _print(by: str, found: Sequence[Count]) -> None:
    from armcrawl.cli.tables import print_table

    most = max(count.articles for count in found)
    title = f"Articles by {by}"
    if by == MONTH:
        months = [(_month(count.name), count.articles, bar(count.articles, most)) for count in found]
        print_table(title, (by, "articles", ""), months)
        return
    kind = "site" if by == SECTION else "kind"
    rows = [(one.name, one.kind, one.articles, bar(one.articles, most)) for one in found]
    print_table(title, (by, kind, "articles", ""), rows)


def _month(name: str | None) -> str:
    if name is None:
        return "no date"
    return name if "-" in name else f"{name}, no month"


def bar(number: int, most: int) -> str:
    """Return a bar whose length is to the longest as the number is to the greatest, in eighths of a letter."""
    eighths = round(number * BAR * 8 / most) if most else 0
    rest = EIGHTHS[eighths % 8] if eighths % 8 else ""
    return "█" * (eighths // 8) + rest
