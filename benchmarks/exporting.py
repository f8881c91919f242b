"""Counting and exporting a big database."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from armcrawl.analysis.export import export
from armcrawl.analysis.forms import form_of
from armcrawl.store.base.database import open_database
from armcrawl.store.queries import statistics
from armcrawl.store.queries.choice import Choice
from armcrawl.store.queries.view_rows import Selection
from benchmarks.report import PROCESSOR, amount, ratio, speed
from benchmarks.timing import in_turns, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from benchmarks.report import Figure

ROUNDS = 5
MAX_SECONDS = 1
# A file of all articles of twenty years is there in seconds, in whatever format.
MIN_ARTICLES_A_SECOND = 10_000
FORMATS = ("csv", "jsonl", "parquet", "xlsx")
# What an analyst would write without us: the same view, all at once in memory.
MAX_AGAINST_PANDAS = 2
# The newest quarter of the articles: all of them, five times in each format, would take ten minutes.
FIRST = date(2023, 4, 1)
BY_HAND = "SELECT * FROM v_articles WHERE published_on >= ?"


def measured(database: str) -> list[Figure]:
    """Time each count, an export in each format, and one to Parquet beside what pandas takes for the same."""
    engine = open_database(database)
    try:
        counts = [_figure(engine, f"stats by {by.__name__[3:]}", by) for by in COUNTS]
        return [*counts, *_exports(engine)]
    finally:
        engine.dispose()


COUNTS = (statistics.by_month, statistics.by_section, statistics.by_tag, statistics.by_source)


def _figure(engine: Engine, name: str, count: Callable[[Engine], object]) -> Figure:
    taken = [timed(lambda: count(engine)) for _ in range(ROUNDS)]
    return amount(f"{name}, s", taken, MAX_SECONDS, by=PROCESSOR)


def _exports(engine: Engine) -> list[Figure]:
    # Arrow imports pandas with its first array, where there is one: that is no article's time.
    import pyarrow as pa

    pa.array([0])
    rows = 0
    with TemporaryDirectory() as folder:

        def ours(name: str) -> None:
            nonlocal rows
            path = Path(folder) / f"ours.{name}"
            rows = export(engine, [Selection(choice=Choice(first=FIRST))], path, form_of(path))

        def theirs() -> None:
            with engine.connect() as connection:
                found = pd.read_sql(BY_HAND, connection, params=(FIRST.isoformat(),))
                found.to_parquet(Path(folder) / "theirs.parquet")

        sides = {name: partial(timed, partial(ours, name)) for name in FORMATS}
        taken = in_turns(ROUNDS, sides | {"theirs": lambda: timed(theirs)})
    speeds = [
        speed(f"export to {name}, articles a second", taken[name], rows, MIN_ARTICLES_A_SECOND, by=PROCESSOR)
        for name in FORMATS
    ]
    beside = ratio(
        "export to parquet against pandas", taken["parquet"], taken["theirs"], MAX_AGAINST_PANDAS, by=PROCESSOR
    )
    return [*speeds, beside]
