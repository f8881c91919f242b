"""Whether anything has changed is told without reading a table, on both databases."""

from __future__ import annotations

from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.data_version import DataVersion
from armcrawl.store.base.database import open_database, open_read_only, reading
from tests.store.conftest import stored


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
