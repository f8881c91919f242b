"""docs/analysts.md is true on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.store.base.database import open_database
from tests import analysts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.postgresql import Databases

QUESTIONS = 20


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('analysts')}/sample.db"
    analysts.fill(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def server(postgresql: Databases) -> Iterator[Engine]:
    url = postgresql.make(postgresql.template)
    analysts.fill(url)
    engine = open_database(url)
    yield engine
    engine.dispose()
    postgresql.drop(url)


@pytest.mark.parametrize("database", ["sqlite", "server"])
@pytest.mark.parametrize("number", range(QUESTIONS))
def test_every_statement_says_what_is_printed(request: pytest.FixtureRequest, database: str, number: int) -> None:
    statement, printed = analysts.statements()[number]
    assert analysts.answer(request.getfixturevalue(database), statement) == printed


def test_there_are_no_statements_without_a_test() -> None:
    assert len(analysts.statements()) == QUESTIONS
    assert all(len(printed.splitlines()) > 2 for _, printed in analysts.statements())
