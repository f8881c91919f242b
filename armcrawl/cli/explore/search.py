"""`armcrawl search`: find articles by words, phrases and codes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from armcrawl import config
from armcrawl.cli.options import database_option, json_option
from armcrawl.cli.terminal import harmless
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.analysis.search import Hit

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("query")
@click.option("--tag", metavar="T", help="Only articles with this tag, in any printed form.")
@click.option("--source", metavar="S", help="Only articles whose attribution names this source.")
@click.option("--from", "first", type=DAY, metavar="D", help="Only articles of this day (2016-05-31) and later.")
@click.option("--to", "last", type=DAY, metavar="D", help="Only articles of this day and earlier.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", help="At most so many."
)
@click.option("--unique", is_flag=True, help="Of articles with one text only the first hit.")
@database_option
@json_option
def search(
    query: str,
    tag: str | None,
    source: str | None,
    first: datetime | None,
    last: datetime | None,
    limit: int,
    unique: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Find articles: all words, in any form, "phrases" in quotes, -words to leave out, codes as printed.

    Hits in the title come first, the newest first within each.
    """
    from armcrawl.analysis import search as searching
    from armcrawl.store.base.database import open_database

    for name, value in (("--tag", tag), ("--source", source)):
        if value is not None and not (value.strip() and value.isprintable()):
            raise UsageError(f"{name} needs a name, as a page prints it.")
    if first and last and first > last:
        raise UsageError(f"--from {first.date()} is after --to {last.date()}.")
    engine = open_database(database or config.database_url(), create=False)
    try:
        hits = searching.search(
            engine,
            query,
            limit,
            tag=tag,
            source=source,
            first=first.date() if first else None,
            last=last.date() if last else None,
            one_per_cluster=unique,
        )
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps([_as_json(hit) for hit in hits], ensure_ascii=False, indent=2))
    elif not hits:
        click.echo("Nothing was found.")
    else:
        for hit in hits:
            _print(hit)


def _as_json(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "key": article.key,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "title": article.title,
        "source": article.source,
        "tags": list(article.tags),
        "address": article.address,
        "excerpt": {"text": hit.excerpt.text, "marks": hit.excerpt.marks},
    }


def _print(hit: Hit) -> None:
    """Print a hit; what was looked for is bold on a terminal."""
    bold, plain = click.style("", bold=True, reset=False), click.style("", reset=True)
    day = hit.article.published_on.isoformat() if hit.article.published_on else "no date"
    title, excerpt = (replace(snippet, text=harmless(snippet.text)) for snippet in (hit.title, hit.excerpt))
    click.echo(f"{day}  {title.marked(bold, plain)}")
    click.echo(f"            {excerpt.marked(bold, plain)}")
    click.echo(f"            {hit.article.key}" + (f" · {harmless(hit.article.source)}" if hit.article.source else ""))
