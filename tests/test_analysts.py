"""docs/analysts.md is true on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.store.base.database import open_database
from tests import analysts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

QUESTIONS = 20


@pytest.fixture
def sqlite(sample_file: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{sample_file}")
    yield engine
    engine.dispose()


@pytest.fixture
def server(sample_server: str) -> Iterator[Engine]:
    engine = open_database(sample_server)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("database", ["sqlite", "server"])
@pytest.mark.parametrize("number", range(QUESTIONS))
def test_every_statement_says_what_is_printed(request: pytest.FixtureRequest, database: str, number: int) -> None:
    statement, printed = analysts.statements()[number]
    assert analysts.answer(request.getfixturevalue(database), statement) == printed


def test_there_are_no_statements_without_a_test() -> None:
    assert len(analysts.statements()) == QUESTIONS
    assert all(len(printed.splitlines()) > 2 for _, printed in analysts.statements())
