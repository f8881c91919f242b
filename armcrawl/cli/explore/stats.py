"""`armcrawl stats`: how many articles there are, with bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.days import day_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import json_option
from armcrawl.cli.output import Table, emit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.store.queries.statistics import Count

MONTH, TAG, SOURCE, SECTION = "month", "tag", "source", "section"
# Names and kinds need the rest of 80 columns.
BAR = 24
EIGHTHS = " ▏▎▍▌▋▊▉█"
# A screen; the rest is one --limit away.
SHOWN = 30


@click.command()
@click.option("--by", type=click.Choice([MONTH, TAG, SOURCE, SECTION]), default=MONTH, show_default=True,
              help="What to count by.")  # fmt: skip
@day_options("Only articles of")
@click.option(
    "--limit", type=click.IntRange(min=0), default=SHOWN, show_default=True, metavar="N",
    help="The most frequent tags or sources; 0 for all.",
)  # fmt: skip
@with_engine(reads=True)
@json_option
def stats(by: str, since: date | None, until: date | None, limit: int, engine: Engine, as_json: bool) -> None:
    """Count the published articles by month, tag, source or section."""
    found = _count(engine, by, since, until, limit)
    emit(found, _shown(by, found), as_json=as_json)


def _count(engine: Engine, by: str, first: date | None, last: date | None, limit: int) -> list[Count]:
    from armcrawl.store.queries import statistics

    if by == MONTH:
        return statistics.by_month(engine, first, last)
    if by == SECTION:
        return statistics.by_section(engine, first, last)
    if by == TAG:
        return statistics.by_tag(engine, first, last, limit)
    return statistics.by_source(engine, first, last, limit)


def _shown(by: str, found: Sequence[Count]) -> Iterator[Table | str]:
    if not found:
        yield "There is no article to count."
        return
    most = max(count.articles for count in found)
    title = f"Articles by {by}"
    if by == MONTH:
        months = [(_month(count.name), count.articles, bar(count.articles, most)) for count in found]
        yield Table(title, (by, "articles", ""), months)
        return
    kind = "site" if by == SECTION else "kind"
    rows = [(one.name, one.kind, one.articles, bar(one.articles, most)) for one in found]
    yield Table(title, (by, kind, "articles", ""), rows)


def _month(name: str | None) -> str:
    if name is None:
        return "no date"
    return name if "-" in name else f"{name}, no month"


def bar(number: int, most: int) -> str:
    """Return a bar whose length is to the longest as the number is to the greatest, in eighths of a letter."""
    eighths = round(number * BAR * 8 / most) if most else 0
    rest = EIGHTHS[eighths % 8] if eighths % 8 else ""
    return "█" * (eighths // 8) + rest
