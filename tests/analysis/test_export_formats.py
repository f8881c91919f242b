"""Exports as other programs read them: each format gives back the rows of a view."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import armcrawl
from armcrawl.analysis.export import export
from armcrawl.analysis.forms import form_of
from armcrawl.items import Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import Selection
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    Row = dict[str, Any]

HOSTILE = '=HYPERLINK(1) <b>&amp;</b> \u202eabc\n"quoted"; comma, 1,5 _x0041_ '
# With all that there is: texts, days, moments, numbers, fractions.
TABLES = ("v_articles", "v_article_tags", "v_versions", "v_relations", "v_exchange_rates")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small database whose texts do what texts should not."""
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('formats')}/formats.db")
    texts = ("Ёлки\tи\r\nстроки", "\N{GRINNING FACE} -1", "31.05.2016")
    pages = [
        stored(1, attribution=attributed("Источник: АйБиТех", "АйБиТех")),
        stored(2, title=HOSTILE, paragraphs=texts, tags=(Tag("@salute", None), Tag("1,5", None))),
        stored(3, date_text=None, tags=()),
        stored(4),
    ]
    write_batch(opened, pages, None)
    join_waiting(opened)
    rates = {"site": "armtorg", "day": date(2026, 11, 1), "euro": 89.1739, "dollar": 76}
    with opened.begin() as connection:
        connection.execute(schema.exchange_rates.insert(), rates)
    yield opened
    opened.dispose()


@pytest.fixture
def rows(engine: Engine) -> Callable[[str], list[Row]]:
    """Return the rows of a view, as Python has them."""

    def ask(view: str) -> list[Row]:
        with armcrawl.open(f"sqlite:///{engine.url.database}") as db:
            return [row._asdict() for row in db.view(view)]

    return ask


@pytest.fixture
def exported(engine: Engine, tmp_path: Path) -> Callable[..., Path]:
    """Return the file that an export of views writes."""

    def run(name: str, *views: str, **options: Any) -> Path:
        path = tmp_path / name
        export(engine, [Selection(view) for view in views], path, form_of(path, **options))
        return path

    return run


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def plain(value: Any) -> Any:
    """Return a value of a frame as Python has it."""
    if pd.api.types.is_list_like(value):
        return list(value)
    return None if pd.isna(value) else value


def in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def in_csv(value: Any) -> str | None:
    """Return a value as CSV has it; nothing and an empty text are one there."""
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else guarded(str(value))


def in_excel(value: Any) -> Any:
    """Return a value as openpyxl reads it in a book."""
    if isinstance(value, list):
        return guarded("; ".join(value))
    if isinstance(value, str):
        return guarded(value).replace("_x0041_", "_x005F_x0041_")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value  # noqa: DTZ001 - as there


def from_russian_excel(cell: str) -> Any:
    """Return what Excel makes of a cell of CSV where Windows is Russian."""
    for shape in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y"):
        try:
            moment = datetime.strptime(cell, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
        return moment if " " in cell else moment.date()
    try:
        return float(cell.replace(",", ".")) if "," in cell else int(cell)
    except ValueError:
        return {"ИСТИНА": True, "ЛОЖЬ": False, "": None}.get(cell, cell)


def in_russian_excel(value: Any) -> Any:
    """Return what Excel shall make of a value: a text that looks like a number or a day becomes one, as it warns."""
    if isinstance(value, list):
        return guarded("; ".join(value)) or None
    return from_russian_excel(guarded(value)) if isinstance(value, str) else value


@pytest.mark.parametrize("view", TABLES)
def test_json_lines_give_back_the_rows(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]], view: str
) -> None:
    *lines, last = exported("x.jsonl", view).read_text(encoding="utf-8").split("\n")
    expected = [{name: in_json(value) for name, value in row.items()} for row in rows(view)]
    assert ([json.loads(line) for line in lines], last) == (expected, "")


@pytest.mark.parametrize("view", TABLES)
def test_parquet_gives_back_the_rows(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]], view: str
) -> None:
    file = exported("x.parquet", view)
    assert parquet.read_table(file).to_pylist() == rows(view)
    frame = pd.read_parquet(file, dtype_backend="pyarrow")
    assert [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")] == rows(view)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        assert connection.sql(f"SELECT * FROM '{file}'").to_arrow_table().to_pylist() == rows(view)


@pytest.mark.parametrize("view", TABLES)
@pytest.mark.parametrize("delimiter", [",", "|", r"\t"])
def test_csv_gives_back_the_rows(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]], view: str, delimiter: str
) -> None:
    written = exported("x.csv", view, delimiter=delimiter).read_bytes().decode("utf-8-sig")
    head, *found = csv.reader(written.splitlines(keepends=True), delimiter=delimiter.replace(r"\t", "\t"))
    expected = [{name: in_csv(value) for name, value in row.items()} for row in rows(view)]
    assert [dict(zip(head, (cell or None for cell in row), strict=True)) for row in found] == expected


def test_pandas_reads_csv_without_being_told_how(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]]
) -> None:
    frame = pd.read_csv(exported("x.csv", "v_articles"), parse_dates=["published_on"])
    assert frame["published_on"].dt.date.tolist()[:2] == [row["published_on"] for row in rows("v_articles")][:2]
    assert frame["word_count"].tolist() == [row["word_count"] for row in rows("v_articles")]


@pytest.mark.parametrize("view", TABLES)
def test_russian_excel_reads_the_rows_in_a_file_for_it(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]], view: str
) -> None:
    written = exported("x.csv", view, for_excel=True).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    head, *found = csv.reader(written.decode("utf-8-sig").splitlines(keepends=True), delimiter=";")
    expected = [{name: in_russian_excel(value) for name, value in row.items()} for row in rows(view)]
    head = [name.removesuffix(" (UTC)") for name in head]
    assert [dict(zip(head, map(from_russian_excel, row), strict=True)) for row in found] == expected


def test_a_book_gives_back_the_rows_of_each_view_from_its_sheet(
    exported: Callable[..., Path], rows: Callable[[str], list[Row]]
) -> None:
    file = exported("x.xlsx", *(view.name for view in VIEWS))
    for is_streamed in (False, True):
        book = openpyxl.load_workbook(file, read_only=is_streamed)
        assert book.sheetnames == [view.name for view in VIEWS]
        for sheet in book.worksheets:
            head, *found = sheet.iter_rows(values_only=True)
            expected = [{name: in_excel(value) for name, value in row.items()} for row in rows(sheet.title)]
            # A row that is read on its own ends with its last cell.
            assert [dict(zip_longest(head, row)) for row in found] == expected
        book.close()


def test_a_sheet_is_ready_to_be_read(exported: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(exported("x.xlsx", "v_articles")).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    body, address, section = (sheet.column_dimensions[letters[name]].width for name in ("body", "address", "section"))
    assert 60 >= body > address > section >= 10
    assert sheet[f"{letters['published_on']}2"].number_format == "dd.mm.yyyy"
    assert sheet[f"{letters['first_seen_at']}2"].number_format == 'dd.mm.yyyy hh:mm:ss "UTC"'
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_types_of_parquet_are_those_of_the_view(exported: Callable[..., Path]) -> None:
    kinds = parquet.read_schema(exported("x.parquet", "v_versions"))
    assert [kinds.field(name).type for name in ("key", "version", "read_at", "published_on")] == [
        pa.string(),
        pa.int64(),
        pa.timestamp("us", tz="UTC"),
        pa.date32(),
    ]
