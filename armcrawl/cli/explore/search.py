"""`armcrawl search`: find articles by words, phrases and codes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from armcrawl.cli.days import day_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import json_option
from armcrawl.cli.output import emit
from armcrawl.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.analysis.search import Hit


class PrintedName(click.ParamType[str]):
    """A tag or a source as a page prints it."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; a usage error for one that nothing could print."""
        if not (value.strip() and value.isprintable()):
            self.fail("write a name, as a page prints it.", param, ctx)
        return str(value)


tag_option = click.option(
    "--tag", type=PrintedName(), metavar="T", help="Only articles with this tag, in any printed form."
)
source_option = click.option(
    "--source", type=PrintedName(), metavar="S", help="Only articles whose attribution names this source."
)


@click.command()
@click.argument("query")
@tag_option
@source_option
@day_options("Only articles of")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", help="At most so many."
)
@click.option("--one-per-cluster", is_flag=True, help="Of articles with one text only the first hit.")
@with_engine()
@json_option
def search(
    query: str,
    tag: str | None,
    source: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    one_per_cluster: bool,
    engine: Engine,
    as_json: bool,
) -> None:
    """Find articles by words, phrases and codes.

    All words in any form, "phrases" in quotes, -words to leave out, codes as printed. Hits in the title come first,
    the newest first within each.
    """
    from armcrawl.analysis import search as searching

    hits = searching.search(
        engine, query, limit, tag=tag, source=source, first=since, last=until, one_per_cluster=one_per_cluster
    )
    emit([_as_json(hit) for hit in hits], _shown(hits), as_json=as_json)


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


def _shown(hits: list[Hit]) -> Iterator[str]:
    """Yield the lines of hits; what was looked for is bold on a terminal."""
    bold, plain = click.style("", bold=True, reset=False), click.style("", reset=True)
    for hit in hits:
        day = hit.article.published_on.isoformat() if hit.article.published_on else "no date"
        title, excerpt = (replace(snippet, text=harmless(snippet.text)) for snippet in (hit.title, hit.excerpt))
        yield f"{day}  {title.marked(bold, plain)}"
        yield f"            {excerpt.marked(bold, plain)}"
        yield f"            {hit.article.key}" + (f" · {harmless(hit.article.source)}" if hit.article.source else "")
    if not hits:
        yield "Nothing was found."
