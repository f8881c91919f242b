"""`armcrawl export`: the data as a file, or a data set, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.cli.choosing import choice_options
from armcrawl.cli.engine import with_engine
from armcrawl.cli.explore.search import hinted, left_out
from armcrawl.cli.options import Number
from armcrawl.cli.output import counted
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.store.queries.choice import Choice
    from armcrawl.store.queries.view_rows import Selection

ARTICLES = "v_articles"


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--dataset", type=click.Path(path_type=Path), metavar="DIR",
              help="All views, as Parquet with datapackage.json, into a new folder instead of FILE.")  # fmt: skip
@click.option("--view", "views", multiple=True, metavar="V",
              help="Which view (docs/schema.md), by default v_articles; again for more sheets of .xlsx.")  # fmt: skip
@click.option("--columns", metavar="A,B,C", help="Only these columns, in this order.")
@click.option("--format", "named", type=click.Choice(["csv", "jsonl", "parquet", "xlsx"]),
              help="By default what FILE ends in; of - JSON Lines.")  # fmt: skip
@click.option("--delimiter", metavar="C", help=r"What parts the cells of CSV; \t for a tab.")
@click.option("--for-excel", is_flag=True, help="CSV as Russian Excel reads it: semicolons, 1,5 and 31.05.2016.")
@choice_options
@click.option("--search", "words", metavar="Q", help="Only articles that `armcrawl search` finds by this.")
@click.option(
    "--since-run", type=Number(0), metavar="ID",
    help="Only what runs after this one changed, with a column `change`: add, modify, delete.",
)  # fmt: skip
@with_engine(reads=True)
def export(
    file: Path | None,
    dataset: Path | None,
    views: tuple[str, ...],
    columns: str | None,
    named: str | None,
    delimiter: str | None,
    for_excel: bool,
    choice: Choice,
    words: str | None,
    since_run: int | None,
    engine: Engine,
) -> None:
    """Write a view into a file: Parquet, CSV, JSON Lines or Excel.

    FILE ends in .parquet, .csv, .jsonl or .xlsx, and appears when it is whole; - is standard output. In .csv and .xlsx,
    cells that a spreadsheet would execute begin with an apostrophe.
    """
    from armcrawl.analysis.unknown_names import unknown_in
    from armcrawl.russian.query_hints import hints
    from armcrawl.russian.search_query import parse_query
    from armcrawl.store.queries.view_rows import Selection

    query = parse_query(words) if words is not None else None
    unknown = [one.said for one in unknown_in(engine, words or "", choice)]
    for line in (*left_out(query.dropped if query else ()), *hinted(hints(words or "")), *unknown):
        click.echo(line, err=True)
    wanted = tuple(name.strip() for name in columns.split(",")) if columns is not None else ()
    selection = Selection(query=query, choice=choice, since_run=since_run, columns=wanted)
    if dataset is None:
        _export_file(engine, file, selection, tuple(dict.fromkeys(views)), named, delimiter, for_excel=for_excel)
        return
    if file or views or named or delimiter or for_excel or selection != Selection():
        raise UsageError("--dataset writes all views as they are: leave out FILE and what narrows or shapes it.")
    _export_dataset(engine, dataset)


def _export_file(
    engine: Engine,
    file: Path | None,
    wanted: Selection,
    views: tuple[str, ...],
    named: str | None,
    delimiter: str | None,
    *,
    for_excel: bool,
) -> None:
    from dataclasses import replace

    from armcrawl.analysis import export as exporting
    from armcrawl.analysis.forms import form_of
    from armcrawl.cli.progress import bar
    from armcrawl.files import STANDARD_OUTPUT, leaving_nothing, part_of, standard_output

    if file is None:
        raise UsageError("Name a FILE to write, - for standard output, or a folder with --dataset.")
    form = form_of(file, named, delimiter, for_excel=for_excel)
    if wanted.columns and len(views) > 1:
        raise UsageError("--columns are those of one view: name one --view, or leave them out.")
    selections = [replace(wanted, view=view) for view in views or (ARTICLES,)]
    if file == STANDARD_OUTPUT:
        with standard_output() as output:
            exporting.write_rows(engine, selections, form, output)
        return
    with leaving_nothing(part_of(file)), bar() as tell:
        rows = exporting.export(engine, selections, file, form, tell)
    click.echo(f"{counted(rows, 'row')} of {', '.join(one.view for one in selections)} in {file}.")


def _export_dataset(engine: Engine, folder: Path) -> None:
    from armcrawl.analysis import export as exporting
    from armcrawl.cli.progress import bar
    from armcrawl.files import leaving_nothing, part_of

    with leaving_nothing(part_of(folder)), bar() as tell:
        rows = exporting.export_dataset(engine, folder, tell)
    click.echo(f"{counted(sum(rows.values()), 'row')} of {counted(len(rows), 'view')} in {folder}.")
