"""`armcrawl export`: the data as a file for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.cli.choosing import choice_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.explore.search import hinted, left_out
from armcrawl.cli.options import Number
from armcrawl.cli.output import counted

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.store.queries.choice import Choice


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--view", default="v_articles", show_default=True, metavar="V", help="Which view: docs/schema.md.")
@choice_options
@click.option("--search", "words", metavar="Q", help="Only articles that `armcrawl search` finds by this.")
@click.option(
    "--since-run", type=Number(0), metavar="ID",
    help="Only what runs after this one changed, with a column `change`: add, modify, delete.",
)  # fmt: skip
@with_engine(reads=True)
def export(
    file: Path,
    view: str,
    choice: Choice,
    words: str | None,
    since_run: int | None,
    engine: Engine,
) -> None:
    """Write a view into a file: Parquet, CSV, JSON Lines or Excel.

    FILE ends in .parquet, .csv, .jsonl or .xlsx, and appears when it is whole; - is JSON Lines on standard output. In
    .csv and .xlsx, cells that a spreadsheet would execute begin with an apostrophe.
    """
    from armcrawl.analysis import export as exporting
    from armcrawl.cli.progress import bar
    from armcrawl.files import leaving_nothing, part_of
    from armcrawl.russian.query_hints import hints
    from armcrawl.russian.search_query import parse_query
    from armcrawl.store.queries.view_rows import Selection

    query = parse_query(words) if words is not None else None
    for line in (*left_out(query.dropped if query else ()), *hinted(hints(words or ""))):
        click.echo(line, err=True)
    selection = Selection(view, query, choice, since_run)
    if str(file) == "-":
        exporting.write_rows(engine, selection, ".jsonl", sys.stdout.buffer)
        return
    with leaving_nothing(part_of(file)), bar() as tell:
        rows = exporting.export(engine, selection, file, tell)
    click.echo(f"{counted(rows, 'row')} of {view} in {file}.")
