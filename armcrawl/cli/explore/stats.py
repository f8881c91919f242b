"""`armcrawl stats`: how many articles there are, with bars, or in a table of two things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.days import day_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.explore.search import hinted, left_out
from armcrawl.cli.options import json_option
from armcrawl.cli.output import Table, counted, emit
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.store.queries.counted_articles import Among
    from armcrawl.store.queries.cross_counts import Crossed
    from armcrawl.store.queries.statistics import Count

MONTH, TAG, SOURCE, ENTITY, SECTION = BY = ("month", "tag", "source", "entity", "section")
# Names and kinds need the rest of 80 columns.
BAR = 24
EIGHTHS = " ▏▎▍▌▋▊▉█"
# A screen; the rest is one --limit away.
SHOWN = 30
PLURALS = {TAG: "tags", SOURCE: "sources", ENTITY: "entities", SECTION: "sections"}
# Columns of a table of two things that 120 letters hold.
ACROSS = 6


def _different(context: click.Context, option: click.Parameter, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to count by; a usage error for the same twice, and for more than two."""
    del context, option
    if len(set(chosen)) != len(chosen) or len(chosen) > 2:
        raise UsageError("--by counts by one thing, or by two different ones.")
    return chosen


@click.command()
@click.option(
    "--by", "chosen", type=click.Choice(BY), multiple=True, default=[MONTH], show_default=True, callback=_different,
    help="What to count by; given twice, a table of both.",
)  # fmt: skip
@click.option("--search", "words", metavar="QUERY", help="Only articles that `armcrawl search QUERY` finds.")
@day_options("Only articles of")
@click.option(
    "--limit", type=click.IntRange(min=0), default=SHOWN, show_default=True, metavar="N",
    help="The most frequent tags, sources or entities; 0 for all.",
)  # fmt: skip
@with_engine(reads=True)
@json_option
def stats(
    chosen: tuple[str, ...],
    words: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    engine: Engine,
    as_json: bool,
) -> None:
    """Count articles by month, tag, source, entity or section.

    Published ones, all or those that a search finds. An entity is a tag or a source. `--by source --by month` counts
    the articles of each source in each month.
    """
    from armcrawl.russian.query_hints import hints
    from armcrawl.russian.search_query import parse_query
    from armcrawl.store.queries.counted_articles import Among

    query = parse_query(words) if words is not None else None
    among = Among(query, first=since, last=until)
    for line in (*left_out(query.dropped if query else ()), *hinted(hints(words or ""))):
        click.echo(line, err=True)
    if len(chosen) == 1:
        found = _count(engine, chosen[0], among, limit)
        emit(found, _shown(chosen[0], found), as_json=as_json)
        return
    from armcrawl.store.queries.cross_counts import By, crossed

    one, other = map(By, chosen)
    table = crossed(engine, one, other, among, limit)
    pairs = ((row, column) for row in table.one for column in table.other if (row, column) in table.articles)
    told = [{one.value: row, other.value: column, "articles": table.articles[row, column]} for row, column in pairs]
    emit(told, _crossed(one, other, table), as_json=as_json)


def _count(engine: Engine, by: str, among: Among, limit: int) -> list[Count]:
    from armcrawl.store.queries import statistics

    if by == MONTH:
        return statistics.by_month(engine, among)
    if by == SECTION:
        return statistics.by_section(engine, among)
    of_names = {TAG: statistics.by_tag, SOURCE: statistics.by_source, ENTITY: statistics.by_entity}
    return of_names[by](engine, among, limit)


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


def _crossed(one: str, other: str, found: Crossed) -> Iterator[Table | str]:
    """Yield a table: months stand down the side, and the most frequent of the others beside each other."""
    if not found.articles:
        yield "There is no article to count."
        return
    is_turned = other == MONTH
    down, across = (found.other, found.one) if is_turned else (found.one, found.other)
    side, top = (other, one) if is_turned else (one, other)
    columns = across[:ACROSS]
    rows = [
        (
            _month(row) if side == MONTH else row,
            *(found.articles.get((column, row) if is_turned else (row, column), 0) for column in columns),
        )
        for row in down
    ]
    yield Table(f"Articles by {side} and {top}", (side, *(column or "no date" for column in columns)), rows)
    if len(across) > ACROSS:
        yield f"{counted(len(across) - ACROSS, f'more {top}', f'more {PLURALS[top]}')}: `--json` has all of them."


def _month(name: str | None) -> str:
    if name is None:
        return "no date"
    return name if "-" in name else f"{name}, no month"


def bar(number: int, most: int) -> str:
    """Return a bar whose length is to the longest as the number is to the greatest, in eighths of a letter."""
    eighths = round(number * BAR * 8 / most) if most else 0
    rest = EIGHTHS[eighths % 8] if eighths % 8 else ""
    return "█" * (eighths // 8) + rest
