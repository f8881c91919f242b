"""A data set of all views says of itself what is true, as the reference implementation of Data Package reads it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import armcrawl
from armcrawl.analysis.datapackage import PRIMARY_KEYS, descriptor
from armcrawl.analysis.export import export_dataset
from armcrawl.errors import UsageError
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database
from armcrawl.store.base.views import VIEWS
from armcrawl.store.runs.publishing import join_waiting
from tests.conftest import COMMAND_SECONDS, attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

VALIDATE = (
    "import json, sys; from frictionless import Package; report = Package(sys.argv[1]).validate(); "
    "print(json.dumps([[task.name, task.type, error.note] for task in report.tasks for error in task.errors]))"
)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """A few articles, of which two have one text."""
    opened = open_database(database)
    write_batch(opened, [stored(1, attribution=attributed("Источник: АйБиТех", "АйБиТех")), stored(2)], None)
    join_waiting(opened)
    yield opened
    opened.dispose()


def test_a_data_set_holds_all_views_and_is_valid(engine: Engine, tmp_path: Path) -> None:
    rows = export_dataset(engine, tmp_path / "all")
    told = json.loads((tmp_path / "all/datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {one["name"]: one["rows"] for one in told} == rows
    assert rows == {one["name"]: len(pd.read_parquet(tmp_path / "all" / one["path"])) for one in told}
    command = [sys.executable, "-c", VALIDATE, str(tmp_path / "all/datapackage.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=True)
    # What reads Parquet there finds no head in a table without rows.
    assert json.loads(done.stdout) == [[name, "table", "the source is empty"] for name, n in rows.items() if n == 0]


def test_it_says_what_each_column_means(engine: Engine) -> None:
    del engine
    views = {view.name: view.columns for view in VIEWS}
    for one in descriptor(dict.fromkeys(views, 0))["resources"]:
        assert {field["name"]: field["description"] for field in one["schema"]["fields"]} == views[one["name"]]


def test_it_has_a_russian_title_for_each_view_and_column() -> None:
    told = descriptor({view.name: 0 for view in VIEWS})
    fields = [field for one in told["resources"] for field in one["schema"]["fields"]]
    assert all(re.search("[а-я]", one["title"]) for one in (told, *told["resources"], *fields))


def test_every_view_has_its_key() -> None:
    assert {view.name for view in VIEWS} == PRIMARY_KEYS.keys()


def test_keys_and_references_are_true_of_the_sample(sample_file: Path) -> None:
    with armcrawl.open(f"sqlite:///{sample_file}") as db:
        tables: dict[str, Any] = {view.name: db.view(view.name).to_pandas() for view in VIEWS}
    referring = 0
    for one in descriptor(dict.fromkeys(tables, 0))["resources"]:
        table, told = tables[one["name"]], one["schema"]
        keys = table[told.get("primaryKey", [])]
        assert not keys.isna().any().any(), one["name"]
        assert not len(keys.columns) or not keys.duplicated().any(), one["name"]
        for reference in told.get("foreignKeys", ()):
            [field], [other] = reference["fields"], reference["reference"]["fields"]
            known = set(tables[reference["reference"]["resource"]][other])
            assert set(table[field].dropna()) <= known, (one["name"], field)
            referring += len(table)
    assert referring > 0


def test_nothing_is_written_over_what_is_there(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    with pytest.raises(UsageError, match="There is something at"):
        export_dataset(engine, tmp_path / "all")
    assert not list(tmp_path.glob(".*.part"))
    assert not list((tmp_path / "all").iterdir())
