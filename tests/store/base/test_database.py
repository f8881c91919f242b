"""Opening a database, and what every connection to it keeps to."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from armcrawl.errors import ArmcrawlError, DatabaseError, UsageError
from armcrawl.store.base.database import BUSY_TIMEOUT_MS, open_database, parse_url, reading, shown
from armcrawl.store.base.schema import metadata, origins

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

MOSCOW = timezone(timedelta(hours=3))


@pytest.fixture
def database(tmp_path: Path) -> str:
    """What is special about SQLite; PostgreSQL has test_postgresql.py."""
    return f"sqlite:///{tmp_path}/test.db"


def pragma(engine: Engine, name: str) -> object:
    with reading(engine) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_new_database_has_every_table(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) >= set(metadata.tables)


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/deep/down/press.db").dispose()
    assert (tmp_path / "deep/down/press.db").is_file()


def test_a_database_opened_again_keeps_its_rows(database: str) -> None:
    first = open_database(database)
    with first.begin() as connection:
        connection.execute(text("INSERT INTO entities (key, name, slug) VALUES ('к', 'К', 'k')"))
    first.dispose()
    again = open_database(database)
    with reading(again) as connection:
        assert connection.execute(text("SELECT count(*) FROM entities")).scalar() == 1
    again.dispose()


def test_a_database_that_should_exist_but_does_not_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="There is no database at"):
        open_database(f"sqlite:///{tmp_path}/none.db", create=False)


def test_a_database_that_should_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        open_database(f"sqlite:///{tmp_path}/deep/none.db", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["", "press.db", "mysql://localhost/press", "nothing://", "sqlite://host/press.db"])
def test_what_is_no_database_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError, match=r"write sqlite:///path/to/file\.db"):
        open_database(url)


@pytest.mark.parametrize(
    "url", ["mysql://press:verysecret@localhost/press", "postgresql://press:verysecret@localhost:1/x"]
)
def test_a_password_in_a_refused_url_is_not_shown(url: str) -> None:
    with pytest.raises(ArmcrawlError) as refused:
        open_database(url)
    assert "verysecret" not in str(refused.value)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be used"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_path_below_a_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("текст", encoding="utf-8")
    with pytest.raises(DatabaseError, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path}/file/press.db")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Уважаемые коллеги! " * 100, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_many_may_open_a_new_database_at_once(database: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        engines = list(threads.map(open_database, [database] * 4))
    tables = [set(inspect(engine).get_table_names()) for engine in engines]
    for engine in engines:
        engine.dispose()
    assert tables == [tables[0]] * 4
    assert tables[0] >= set(metadata.tables)


def test_the_journal_is_a_wal(engine: Engine) -> None:
    assert pragma(engine, "journal_mode") == "wal"


def test_a_connection_waits_half_a_minute_for_the_lock(engine: Engine) -> None:
    assert pragma(engine, "busy_timeout") == BUSY_TIMEOUT_MS == 30_000


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    sql = "INSERT INTO entity_forms (form, entity_id) VALUES ('форма', 1)"
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(sql))


def test_a_writing_transaction_takes_the_lock_at_its_beginning(engine: Engine, database: str) -> None:
    other = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with engine.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_question_keeps_no_writer_waiting(engine: Engine, database: str) -> None:
    other = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with reading(engine) as connection:
        connection.execute(text("SELECT * FROM pages"))
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO entities (key, name, slug) VALUES ('к', 'К', 'k')")
        other.execute("COMMIT")
    assert other.execute("SELECT count(*) FROM entities").fetchone() == (1,)
    other.close()


def test_a_writer_keeps_no_question_waiting(engine: Engine) -> None:
    with engine.begin() as writer, reading(engine) as reader:
        writer.execute(text("INSERT INTO entities (key, name, slug) VALUES ('к', 'К', 'k')"))
        assert reader.execute(text("SELECT count(*) FROM entities")).scalar() == 0


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    insert = text("INSERT INTO entities (key, name, slug) VALUES ('к', 'К', 'k')")

    def insert_twice() -> None:
        with engine.begin() as connection:
            connection.execute(insert)
            connection.execute(insert)

    with pytest.raises(IntegrityError):
        insert_twice()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM entities")).scalar() == 0


def test_what_the_database_refuses_is_one_sentence_without_sql(engine: Engine, database: str) -> None:
    with engine.connect() as connection, pytest.raises(DatabaseError) as refused:
        connection.execute(text("SELECT 1 FROM nowhere"))
    assert str(refused.value) == f"The database {database} cannot be used: no such table: nowhere."


def test_no_password_is_shown() -> None:
    url = make_url(
        "postgresql+psycopg://press:secret@db.example.org/press?sslpassword=secret&password=secret&options=-csecret"
    )
    assert shown(url).partition("?")[0] == "postgresql://press:***@db.example.org/press"
    assert "secret" not in shown(url)


def test_a_moment_is_kept_in_utc(engine: Engine, database: str) -> None:
    row = {"site": "armtorg", "origin": "site", "first_seen_at": datetime(2026, 1, 1, 1, 30, tzinfo=MOSCOW)}
    with engine.begin() as connection:
        connection.execute(origins.insert(), row)
    raw = sqlite3.connect(database.removeprefix("sqlite:///"))
    assert raw.execute("SELECT first_seen_at FROM origins").fetchone() == ("2025-12-31 22:30:00.000000",)
    raw.close()


def test_a_moment_comes_back_aware_and_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 1, 1, 1, 30, tzinfo=MOSCOW)
    with engine.begin() as connection:
        connection.execute(origins.insert(), {"site": "armtorg", "origin": "site", "first_seen_at": moment})
    with reading(engine) as connection:
        found = connection.execute(select(origins.c.first_seen_at)).scalar_one()
    assert (found, found.tzinfo) == (moment, UTC)


def test_a_naive_moment_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is what must be refused
    row = {"site": "armtorg", "origin": "site", "first_seen_at": naive}
    with engine.connect() as connection, pytest.raises(StatementError, match="naive datetime"):
        connection.execute(origins.insert(), row)


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_table_and_column_says_what_it_is(name: str) -> None:
    table = metadata.tables[name]
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


@pytest.mark.parametrize(
    "url",
    [
        '"postgresql://bob:secret@h/db"',
        "postgresql//bob:secret@h/db",
        "sqlite://bob:secret@h/db",
        "postgresql://bob:p@ss:secret@host/db",
        "postgresql://bob:secret@host:54x32/db",
        "postgresql://bob:se@secret@127.0.0.1:1/db",
    ],
)
def test_a_url_that_is_slightly_wrong_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_url(url)
    assert "secret" not in str(refused.value)


def test_white_space_around_a_url_does_not_matter() -> None:
    assert parse_url(" postgresql://bob@h/db\n").host == "h"
