"""A column of some words takes no other, in either database, and is explained with all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.exc import IntegrityError

from armcrawl.analysis.meanings import russian
from armcrawl.store.base.database import writing
from armcrawl.store.base.schema import metadata
from tests.store.conftest import stored, write

if TYPE_CHECKING:
    from sqlalchemy import Column, Engine


def words() -> dict[Column[str], list[str]]:
    """Return the columns of some words with these."""
    columns = [each for one in metadata.sorted_tables for each in one.columns]
    checks = [(each, check) for each in columns for check in each.constraints if isinstance(check, CheckConstraint)]
    return {each: re.findall("'(.+?)'", str(check.sqltext)) for each, check in checks}


@pytest.mark.parametrize("column", words(), ids=str)
def test_the_meaning_of_a_column_names_all_its_words(column: Column[str]) -> None:
    for meaning in (column.comment, russian()[column.table.name][column.name]):
        assert [word for word in words()[column] if word not in str(meaning)] == []


@pytest.mark.parametrize(
    "name", ["pages.outcome", "captures.cause", "article_versions.state", "article_versions.date_precision"]
)
def test_a_word_that_is_none_of_them_is_refused(engine: Engine, name: str) -> None:
    write(engine, stored())
    table, column = name.split(".")
    with pytest.raises(IntegrityError, match=f"ck_{table}_{column}"), writing(engine) as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = 'soon'"))
