"""Whether anything has changed is told without reading a table, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from armcrawl.errors import DatabaseError
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.data_version import DataVersion
from armcrawl.store.base.database import open_database, open_read_only, reading
from tests.store.conftest import stored

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def test_the_mark_is_another_once_somebody_has_committed_and_not_before(each_database: str) -> None:
    writer, reader = open_database(each_database), open_read_only(each_database)
    version = DataVersion(reader)
    before = version.now()
    with reading(reader) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM articles").all()
    assert version.now() == before
    write_batch(writer, [stored(1)], None)
    after = version.now()
    assert after != before
    assert version.now() == after
    version.close()
    writer.dispose()
    reader.dispose()


def test_a_file_that_takes_the_place_of_another_is_read_and_has_another_mark(tmp_path: Path) -> None:
    file, other = tmp_path / "a.db", tmp_path / "b.db"
    for path, number in ((file, 1), (other, 2)):
        writer = open_database(f"sqlite:///{path}")
        write_batch(writer, [stored(number)], None)
        writer.dispose()
    reader = open_read_only(f"sqlite:///{file}")
    version = DataVersion(reader)
    before = version.now()
    assert keys(reader) == ["armtorg/news/1"]
    other.replace(file)
    assert version.now() != before
    assert keys(reader) == ["armtorg/news/2"]
    file.unlink()
    with pytest.raises(DatabaseError):
        keys(reader)
    with pytest.raises(DatabaseError):
        version.now()
    version.close()
    reader.dispose()


def keys(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.exec_driver_sql("SELECT key FROM articles").scalars())
