"""What DuckDB, pandas and polars read in an export is what the database holds, whatever that is.

These take a second to import, so only tests that need them do.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from tests.conftest import attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Row = tuple[Any, ...]
    Read = Callable[[str], list[Row]]

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://x"; 1)'
RIGHT_TO_LEFT = "\u202eкран\u202c \u200fDN 500"
LONG = "слово " * 170_000  # a megabyte
COLUMNS = "key, published_on, word_count, title, body, attribution"


@pytest.fixture
def query(database: str, query: Callable[[str], list[Row]]) -> Callable[[str], list[Row]]:
    """The database holds what a site may print to harm its readers, and an article without a date."""
    engine = open_database(database)
    hostile = [
        stored(1, title=SCRIPT, paragraphs=(LONG, f'{SCRIPT} в кавычках "внутри", с запятой'), tags=(Tag(FORMULA),)),
        stored(2, title=RIGHT_TO_LEFT, date_text=None, paragraphs=("Строка;с\tразделителями,\\и чертой.",)),
        stored(3, title=FORMULA, attribution=attributed("Источник: АйБиТех", "АйБиТех"), date_text="4 марта 2020"),
        stored(4, title="null", paragraphs=("NaN", "None", "0012")),
    ]
    write_batch(engine, hostile, None)
    engine.dispose()
    return query


@pytest.fixture
def held(query: Callable[[str], list[Row]]) -> list[Row]:
    """What the database holds, in the order of an export."""
    rows = query(f"SELECT {COLUMNS} FROM v_articles ORDER BY key")
    return [(row[0], row[1] and date.fromisoformat(str(row[1])), *row[2:]) for row in rows]


@pytest.fixture
def export(armcrawl: Command, database: str, tmp_path: Path) -> Callable[[str], str]:
    def write(extension: str) -> str:
        done = armcrawl("export", f"x.{extension}", "--database", database)
        assert done.code == 0, done.err
        return str(tmp_path / f"x.{extension}")

    return write


def of_pandas(frame: Any) -> list[Row]:
    """Return a frame's rows with None for what is missing, and days as days."""
    rows = frame[COLUMNS.split(", ")].astype(object)
    found = rows.where(rows.notna(), None).itertuples(index=False, name=None)
    return [(row[0], _day(row[1]), *row[2:]) for row in found]


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def of_duckdb(source: str) -> list[Row]:
    import duckdb

    return duckdb.execute(f"SELECT {COLUMNS} FROM {source}").fetchall()


def with_apostrophe(rows: list[Row]) -> list[Row]:
    """Return rows as a spreadsheet may see them."""
    return [
        tuple(f"'{cell}" if isinstance(cell, str) and cell.startswith("=") else cell for cell in row) for row in rows
    ]


def test_parquet_is_read_by_all_three_without_a_cast(held: list[Row], export: Callable[[str], str]) -> None:
    import pandas as pd
    import polars as pl

    path = export("parquet")
    assert of_duckdb(f"read_parquet('{path}')") == held
    assert of_pandas(pd.read_parquet(path)) == held
    assert pl.read_parquet(path).select(COLUMNS.split(", ")).rows() == held


def test_json_lines_are_read_by_all_three(held: list[Row], export: Callable[[str], str]) -> None:
    import pandas as pd
    import polars as pl

    path = export("jsonl")
    assert of_duckdb(f"read_json('{path}')") == held
    frame = pd.read_json(path, lines=True, dtype=False)
    frame["published_on"] = pd.to_datetime(frame["published_on"])
    assert of_pandas(frame) == held
    days = pl.read_ndjson(path).with_columns(pl.col("published_on").str.to_date())
    assert days.select(COLUMNS.split(", ")).rows() == held


def test_csv_is_read_by_all_three_and_runs_nothing(held: list[Row], export: Callable[[str], str]) -> None:
    import pandas as pd
    import polars as pl

    path = export("csv")
    assert of_duckdb(f"read_csv('{path}', max_line_size=4000000)") == with_apostrophe(held)
    frame = pd.read_csv(path, parse_dates=["published_on"], keep_default_na=False, na_values=[""])
    assert of_pandas(frame) == with_apostrophe(held)
    days = pl.read_csv(path, try_parse_dates=True)
    assert days.select(COLUMNS.split(", ")).rows() == with_apostrophe(held)


def test_a_sheet_is_read_by_pandas(held: list[Row], export: Callable[[str], str]) -> None:
    import pandas as pd

    frame = pd.read_excel(export("xlsx"), keep_default_na=False, na_values=[""], parse_dates=["published_on"])
    expected = with_apostrophe(held)
    for read, row in zip(of_pandas(frame), expected, strict=True):
        # A cell of Excel ends after 32,767 characters.
        assert read[:4] == row[:4]
        assert read[4] == row[4] or (row[4].startswith(read[4].rstrip("…")) and len(read[4]) > 32_000)
