"""A SQLite file that one may only read: another user's, or on read-only media."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.analysis.search import search
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, open_read_only, reading
from tests.sqlite import make_sqlite
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65_534


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nobody but root may write, with a database of one article."""
    made = tmp_path / "media"
    made.mkdir()
    for parent in (made, *made.parents):
        if not parent.stat().st_mode & 0o001:  # pytest's own folders are shut to others
            parent.chmod(parent.stat().st_mode | 0o055)
    engine = open_database(make_sqlite(made / "test.db"))
    write_batch(engine, [stored()], None)
    engine.dispose()
    yield made
    made.chmod(0o755)


def as_somebody_else(url: str) -> int:
    """Search in a database as a user who may not write; return how many were found, or 99 for a failure."""
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            engine = open_read_only(url)
            os._exit(len(search(engine, "цех", 5).hits))
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_file_in_a_folder_that_one_may_only_read_is_searched(folder: Path) -> None:
    (folder / "test.db").chmod(0o444)
    folder.chmod(0o555)
    search(open_read_only(f"sqlite:///{folder}/test.db"), "цех", 5)  # what is imported late, the other user cannot read
    assert as_somebody_else(f"sqlite:///{folder}/test.db") == 1


def test_a_file_that_another_user_writes_to_is_searched(folder: Path) -> None:
    writer = open_database(f"sqlite:///{folder}/test.db")
    write_batch(writer, [stored(2)], None)
    for file in folder.iterdir():
        file.chmod(0o644)
    folder.chmod(0o555)
    assert (folder / "test.db-wal").exists()
    assert as_somebody_else(f"sqlite:///{folder}/test.db") == 2
    writer.dispose()


def test_reading_leaves_nothing_beside_the_file(folder: Path) -> None:
    search(open_read_only(f"sqlite:///{folder}/test.db"), "цех", 5)
    assert {file.name for file in folder.iterdir()} <= {"test.db", "test.db-shm", "test.db-wal"}


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(folder: Path) -> None:
    url = f"sqlite:///{folder}/test.db"
    writer, reader = open_database(url), open_read_only(url)
    count = text("SELECT count(*) FROM articles")
    with reading(reader) as connection:
        before = connection.execute(count).scalar()
        write_batch(writer, [stored(2)], None)
        assert connection.execute(count).scalar() == before == 1
    with reading(reader) as connection:
        assert connection.execute(count).scalar() == 2
    reader.dispose()
    writer.dispose()
