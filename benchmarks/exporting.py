"""Counting and exporting a big database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from armcrawl.analysis.export import export
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
MIN_ARTICLES_A_SECOND, MAX_SECONDS = 6_000, 1
# What an analyst would write without us: the same view, all at once in memory.
MAX_AGAINST_PANDAS = 2
# The newest quarter of the articles: all of them, five times by both, would take five minutes.
FIRST = date(2023, 4, 1)
BY_HAND = "SELECT * FROM v_articles WHERE published_on >= ?"


def measured(database: str) -> list[Figure]:
    """Time each count, and an export to Parquet beside what pandas takes for the same."""
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
    with TemporaryDirectory() as folder:
        rows = 0

        def ours() -> None:
            nonlocal rows
            rows = export(engine, Selection(choice=Choice(first=FIRST)), Path(folder) / "ours.parquet")

        def theirs() -> None:
            with engine.connect() as connection:
                found = pd.read_sql(BY_HAND, connection, params=(FIRST.isoformat(),))
                found.to_parquet(Path(folder) / "theirs.parquet")

        taken = in_turns(ROUNDS, {"ours": lambda: timed(ours), "theirs": lambda: timed(theirs)})
    return [
        speed("export to Parquet, articles a second", taken["ours"], rows, MIN_ARTICLES_A_SECOND, by=PROCESSOR),
        ratio("export to Parquet against pandas", taken["ours"], taken["theirs"], MAX_AGAINST_PANDAS, by=PROCESSOR),
    ]
