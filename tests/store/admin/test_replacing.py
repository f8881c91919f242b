"""Making room for a database that is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from armcrawl.errors import UsageError
from armcrawl.store.admin.replacing import set_aside
from armcrawl.store.base.database import connect
from armcrawl.store.base.shape import revisions
from tests.sqlite import make_sqlite

if TYPE_CHECKING:
    from pathlib import Path


def be_another(database: str) -> None:
    """Let a database have the tables of another armcrawl."""
    engine = connect(database)
    with engine.begin() as connection:
        connection.execute(delete(revisions))
    engine.dispose()


def test_a_database_of_this_armcrawl_stays(database: str) -> None:
    assert set_aside(database) is None


def test_where_there_is_no_file_nothing_is_kept_and_none_is_made(tmp_path: Path) -> None:
    assert set_aside(f"sqlite:///{tmp_path}/new.db") is None
    assert not (tmp_path / "new.db").exists()


def test_a_server_of_another_armcrawl_is_never_emptied(postgresql_database: str) -> None:
    be_another(postgresql_database)
    with pytest.raises(UsageError, match="name an empty database"):
        set_aside(postgresql_database)


def test_a_file_of_another_armcrawl_is_kept_under_another_name(tmp_path: Path) -> None:
    database = make_sqlite(tmp_path / "test.db")
    be_another(database)
    assert set_aside(database) == tmp_path / "test.db.old"
    assert not (tmp_path / "test.db").exists()


def test_one_that_is_kept_already_is_not_written_over(tmp_path: Path) -> None:
    database = make_sqlite(tmp_path / "test.db")
    be_another(database)
    (tmp_path / "test.db.old").write_text("precious")
    with pytest.raises(UsageError, match="is there already"):
        set_aside(database)
    assert (tmp_path / "test.db.old").read_text() == "precious"
