"""`armcrawl export`: the data as a file for other programs."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.explore.search import DAY
from armcrawl.cli.options import Number, database_option
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--view", default="v_articles", show_default=True, metavar="V", help="Which view: docs/schema.md.")
@click.option("--from", "first", type=DAY, metavar="D", help="Only articles of this day (2016-05-31) and later.")
@click.option("--to", "last", type=DAY, metavar="D", help="Only articles of this day and earlier.")
@click.option("--tag", metavar="T", help="Only articles with this tag, in any printed form.")
@click.option("--source", metavar="S", help="Only articles whose attribution names this source.")
@click.option("--search", "words", metavar="Q", help="Only articles that `armcrawl search` finds by this.")
@click.option("--one-per-cluster", is_flag=True, help="Of articles with one text only who had it first.")
@click.option(
    "--since-run", type=Number(0), metavar="ID",
    help="Only what runs after this one changed, with a column `change`: add, modify, delete.",
)  # fmt: skip
@database_option
def export(
    file: Path,
    view: str,
    first: datetime | None,
    last: datetime | None,
    tag: str | None,
    source: str | None,
    words: str | None,
    one_per_cluster: bool,
    since_run: int | None,
    database: str | None,
) -> None:
    """Write a view into FILE: .parquet, .csv, .jsonl or .xlsx.

    The file appears when it is whole. In .csv and .xlsx, cells that a spreadsheet would execute begin with an
    apostrophe.
    """
    from armcrawl.analysis import export as exporting
    from armcrawl.cli.progress import bar
    from armcrawl.files import part_of
    from armcrawl.russian.search_query import parse_query
    from armcrawl.store.base.database import open_database
    from armcrawl.store.queries.view_rows import Selection

    for name, value in (("--tag", tag), ("--source", source)):
        if value is not None and not (value.strip() and value.isprintable()):
            raise UsageError(f"{name} needs a name, as a page prints it.")
    if first and last and first > last:
        raise UsageError(f"--from {first.date()} is after --to {last.date()}.")
    selection = Selection(
        view=view,
        tag=tag,
        source=source,
        first=first.date() if first else None,
        last=last.date() if last else None,
        query=parse_query(words) if words is not None else None,
        one_per_cluster=one_per_cluster,
        since_run=since_run,
    )
    engine = open_database(database or config.database_url(), create=False)
    try:
        with _leaving_nothing(part_of(file)), bar() as tell:
            rows = exporting.export(engine, selection, file, tell)
    finally:
        engine.dispose()
    click.echo(f"{rows} {'row' if rows == 1 else 'rows'} of {view} in {file}.")


@contextmanager
def _leaving_nothing(part: Path) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM delete a half file before they end the command."""

    def end(number: int, frame: object) -> None:
        del frame
        part.unlink(missing_ok=True)
        os._exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
