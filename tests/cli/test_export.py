"""`armcrawl export` as an analyst calls it, and what other programs read in its files."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, text

from armcrawl.analysis.excel_format import Xlsx
from armcrawl.items import Outcome, Tag
from armcrawl.sites import PageKey
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import TYPES
from armcrawl.store.runs.publishing import join_waiting
from tests.cli.test_deaths import WITHOUT_ROOM
from tests.conftest import FETCHED_AT, attributed
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.forking import Finished

    Command = Callable[..., Finished]

LATER = FETCHED_AT + timedelta(days=1)
HOSTILE = '=HYPERLINK(1) <script>alert(1)</script> \u202eabc\n"quoted", comma'
LONG = "слово " * 170_000  # a megabyte


@pytest.fixture
def filled(each_database: str) -> str:
    engine = open_database(each_database)
    pages = [
        stored(1, attribution=attributed("Источник: АйБиТех", "АйБиТех")),
        stored(2, title="Кран DN 500 испытан", date_text="4 Марта 2020"),
        stored(3, title=HOSTILE, paragraphs=(LONG,), date_text=None, tags=(Tag("@salute", None), Tag("-1+1", None))),
        stored(4),  # the text of the first; the second differs by its title only
    ]
    write_batch(engine, pages, None)
    join_waiting(engine)
    engine.dispose()
    return each_database


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def in_database(url: str, sql: str) -> list[tuple[Any, ...]]:
    engine = open_database(url)
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(text(sql))]
    engine.dispose()
    return found


@pytest.fixture
def keys(armcrawl: Command, filled: str, tmp_path: Path) -> Callable[..., list[str]]:
    """Return the numbers of the articles that an export with some options has."""

    def ask(*options: str) -> list[str]:
        done = armcrawl("export", "x.jsonl", "--database", filled, *options)
        assert done.code == 0, done.err
        return [row["key"].rpartition("/")[2] for row in lines(tmp_path / "x.jsonl")]

    return ask


def plain(cells: Iterable[Any]) -> tuple[str, ...]:
    """Return cells as text; SQLite itself knows moments and lists as text only, and what is true as a number."""
    return tuple(map(_plain, cells))


def _plain(cell: Any) -> str:
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    return str(int(cell) if isinstance(cell, bool) else cell).removesuffix("+00:00").removesuffix(".000000")


def test_every_view_is_the_same_in_parquet_and_in_the_database(armcrawl: Command, filled: str, tmp_path: Path) -> None:
    from pyarrow import parquet

    for view in VIEWS:
        done = armcrawl("export", "x.parquet", "--view", view.name, "--database", filled)
        assert done.code == 0, done.err
        rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
        assert list(rows[0] if rows else view.columns) == list(view.columns)
        assert sorted(map(plain, (row.values() for row in rows))) == sorted(
            map(plain, in_database(filled, f"SELECT * FROM {view.name}"))
        )


def test_parquet_has_proper_types(armcrawl: Command, filled: str, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    armcrawl("export", "x.parquet", "--database", filled)
    kinds = parquet.read_schema(tmp_path / "x.parquet")
    assert kinds.field("published_on").type == pa.date32()
    assert kinds.field("word_count").type == pa.int64()
    assert kinds.field("title").type == pa.string()
    assert kinds.field("tags").type == pa.list_(pa.string())
    assert kinds.field("is_copy").type == pa.bool_()


def test_types_are_what_postgresql_says(postgresql_database: str) -> None:
    of_server = {
        "date": "DATE",
        "bigint": "BIGINT",
        "integer": "BIGINT",
        "double precision": "FLOAT",
        "text": "TEXT",
        "boolean": "BOOLEAN",
        "jsonb": "JSON",
        "timestamp with time zone": "DATETIME",
    }
    for view in VIEWS:
        sql = f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{view.name}'"
        for name, kind in in_database(postgresql_database, sql):
            assert of_server[kind] == (str(TYPES[name]) if name in TYPES else "TEXT"), (view.name, name)


def test_csv_is_read_back_and_executes_nothing(armcrawl: Command, filled: str, tmp_path: Path) -> None:
    assert armcrawl("export", "x.csv", "--database", filled).out == "4 rows of v_articles in x.csv.\n"
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(10_000_000)
        rows = {row["key"]: row for row in csv.DictReader(file)}
    title = in_database(filled, "SELECT title FROM v_articles WHERE key = 'armtorg/news/3'")[0][0]
    assert title.startswith("=")
    assert rows["armtorg/news/3"]["title"] == f"'{title}"
    assert len(rows["armtorg/news/3"]["body"]) > 1_000_000
    assert (rows["armtorg/news/2"]["published_on"], rows["armtorg/news/3"]["published_on"]) == ("2020-03-04", "")
    assert armcrawl("export", "x.csv", "--view", "v_article_tags", "--database", filled).code == 0
    assert ",'@salute," in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")


def test_a_sheet_has_dates_numbers_and_no_formulas(armcrawl: Command, filled: str, tmp_path: Path) -> None:
    import openpyxl

    done = armcrawl("export", "x.xlsx", "--database", filled)
    assert done.code == 0, done.err
    head, *rows = openpyxl.load_workbook(tmp_path / "x.xlsx").active.iter_rows()
    table = {row[0].value: dict(zip([cell.value for cell in head], row, strict=True)) for row in rows}
    assert table["armtorg/news/2"]["published_on"].value == datetime(2020, 3, 4)  # noqa: DTZ001 - a sheet knows no zone
    assert isinstance(table["armtorg/news/2"]["word_count"].value, int)
    assert table["armtorg/news/3"]["title"].value.startswith("'=")
    assert len(table["armtorg/news/3"]["body"].value) <= 32_767
    assert not any(cell.data_type == "f" for row in rows for cell in row)


def test_a_sheet_takes_control_characters_and_pairs_of_utf16(tmp_path: Path) -> None:
    import openpyxl

    with (tmp_path / "x.xlsx").open("wb") as file:
        sheet = Xlsx(file, {"v_x": {"text": schema.entities.c.name.type}})
        sheet.write([("a\x00b",), ("\N{GRINNING FACE}" * 20_000,)])
        sheet.close()
    first, second = (row[0].value for row in list(openpyxl.load_workbook(tmp_path / "x.xlsx").active.rows)[1:])
    assert first == "a\N{REPLACEMENT CHARACTER}b"
    assert second == "\N{GRINNING FACE}" * 16_383 + "…"


def test_options_narrow_an_export(keys: Callable[..., list[str]]) -> None:
    assert keys() == ["1", "2", "3", "4"]
    assert keys("--since", "2017-01-01") == ["2"]
    assert keys("--until", "2017-01-01") == ["1", "4"]
    assert keys("--tag", "приводы", "--source", "АйБиТех") == ["1"]
    assert keys("--search", 'краны "DN 500"') == ["2"]
    assert keys("--search", "приводов -кран") == ["1", "4"]
    assert keys("--source", "никто") == []
    assert len(keys("--one-per-cluster")) == 2
    assert keys("--view", "v_article_tags", "--since", "2017-01-01") == ["2", "2"]


@pytest.mark.parametrize("options", [("--tag", "Слют"), ("--search", "тег:Слют")])
def test_a_name_that_no_article_has_is_told_with_a_near_one(
    armcrawl: Command, filled: str, options: tuple[str, str]
) -> None:
    done = armcrawl("export", "-", "--database", filled, *options)
    assert (done.code, done.out) == (0, "")
    assert done.err == "No article has the tag 'Слют'. Near to it: Салют.\n"


def test_standard_output_gets_json_lines(armcrawl: Command, filled: str, keys: Callable[..., list[str]]) -> None:
    done = armcrawl("export", "-", "--database", filled)
    assert done.code == 0, done.err
    assert [json.loads(line)["key"].rpartition("/")[2] for line in done.out.splitlines()] == keys()


def test_one_per_cluster_takes_the_first_of_those_that_are_chosen(keys: Callable[..., list[str]]) -> None:
    assert keys("--search", "цех") == ["1", "2", "4"]
    assert keys("--one-per-cluster", "--search", "цех") == ["1"]
    assert keys("--one-per-cluster", "--search", "кран") == ["2"]


def test_changes_since_a_run(armcrawl: Command, each_database: str, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    engine = open_database(each_database)
    with engine.begin() as connection:
        facts = {"site": "armtorg", "kind": "crawl", "arguments": {}, "version": "1", "started_at": FETCHED_AT}
        connection.execute(insert(schema.runs), [facts, facts | {"started_at": LATER}])
    write_batch(engine, [stored(number) for number in (1, 2, 3, 4)], 1)
    revised = stored(2, title="Цех закрыт", fetched_at=LATER)
    write_batch(engine, [revised, stored(5, fetched_at=LATER), answered(Outcome.MISSING, 3, fetched_at=LATER)], 2)
    # An earlier look at a text that is known.
    write_imported(engine, [stored(1, fetched_at=FETCHED_AT - timedelta(days=1))], 2)
    with engine.begin() as connection:
        # As if their runs had ended well.
        connection.execute(text("UPDATE articles SET published_version = current_version"))
    remove(engine, PageKey("armtorg", "news", "4"), "asked")
    engine.dispose()
    done = armcrawl("export", "x.parquet", "--since-run", "1", "--database", each_database)
    assert done.code == 0, done.err
    table = parquet.read_table(tmp_path / "x.parquet")
    assert table.schema.field("changed_at").type == pa.timestamp("us", tz="UTC")
    found = {row["key"][-1]: row for row in table.to_pylist()}
    assert {number: row["change"] for number, row in found.items()} == {
        "1": "modify", "2": "modify", "3": "modify", "4": "delete", "5": "add"
    }  # fmt: skip
    assert (found["2"]["title"], found["3"]["outcome"], found["4"]["title"]) == ("Цех закрыт", "gone", None)
    assert found["3"]["changed_at"] == LATER.astimezone(UTC)
    assert found["5"]["published_on"] == date(2016, 5, 31)
    assert armcrawl("export", "x.csv", "--since-run", "7", "--database", each_database).code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("x.doc",),
        ("x",),
        ("",),
        ("x.csv", "--view", "articles"),
        ("x.csv", "--view", "v_sources", "--tag", "приводы"),
        ("x.csv", "--view", "v_reprints", "--since-run", "0"),
        ("x.csv", "--search", "-кран"),
        ("x.csv", "--since", "2020-01-01", "--until", "2019-01-01"),
        ("x.csv", "--tag", ""),
    ],
)
def test_an_export_that_makes_no_sense_leaves_no_file(
    armcrawl: Command, database: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    open_database(database).dispose()
    (tmp_path / "x.csv").write_text("as it was", encoding="utf-8")
    done = armcrawl("export", *arguments, "--database", database)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert sorted(path.name for path in tmp_path.iterdir() if "test.db" not in path.name) == ["x.csv"]
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "as it was"


def test_a_folder_that_is_not_there_is_named(armcrawl: Command, database: str) -> None:
    open_database(database).dispose()
    done = armcrawl("export", "nowhere/x.csv", "--database", database)
    assert (done.code, "nowhere/x.csv cannot be written" in done.err) == (1, True)


@pytest.mark.parametrize(("extension", "module"), [("parquet", "pyarrow"), ("xlsx", "openpyxl")])
def test_a_missing_extra_is_named(
    armcrawl: Command, database: str, tmp_path: Path, extension: str, module: str
) -> None:
    open_database(database).dispose()
    code = f"import sys; sys.modules[{module!r}] = None; from armcrawl.cli import main; main()"
    done = armcrawl("export", f"x.{extension}", "--database", database, script=code)
    assert done.code == 2
    what_to_do = "install armcrawl[analysis] (in a checkout: `make extras`)"
    assert done.err == f"armcrawl: .{extension} needs more than is installed: {what_to_do}.\n"
    assert not list(tmp_path.glob(".x*"))


def test_an_export_that_finds_no_room_leaves_the_last_one_as_it_was(
    armcrawl: Command, filled: str, tmp_path: Path
) -> None:
    (tmp_path / "all.jsonl").write_text("yesterday's", encoding="utf-8")
    done = armcrawl("export", "all.jsonl", "--database", filled, script=WITHOUT_ROOM)
    assert (done.code, "cannot be written" in done.err, "Traceback" in done.err) == (1, True, False)
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == "yesterday's"
    assert not [path for path in tmp_path.iterdir() if "part" in path.name]
