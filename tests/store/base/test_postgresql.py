"""What is special about PostgreSQL: roles, restarts, passwords."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from armcrawl.errors import DatabaseAwayError, DatabaseError, UsageError
from armcrawl.items import Outcome, Tag
from armcrawl.store.admin.readers import grant
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import database_worker
from armcrawl.store.base.database import open_database, open_read_only, reading, writing
from armcrawl.store.base.database_worker import DatabaseWorker
from armcrawl.store.base.views import VIEWS, create_views, drop_views, grant_views, readers_of_views
from armcrawl.store.entities import deciding
from armcrawl.store.ledger.ledger import head
from armcrawl.store.runs.publishing import join_waiting
from armcrawl.store.runs.run_record import begin_run
from tests.postgresql import Databases
from tests.store.conftest import NEW_TEXT, answered, key, later, stored
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.forking import Finished
    from tests.postgresql import OwnServer
    from tests.store.conftest import Ask


@pytest.fixture
def database(postgresql_database: str) -> str:
    return postgresql_database


@pytest.fixture
def role(postgresql: Databases, database: str) -> Iterator[str]:
    """The name of a role that does not exist yet."""
    name = "reader-of-tests"
    yield name
    engine = open_database(database)
    with engine.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{name}"')
    engine.dispose()
    postgresql.execute(f'DROP ROLE "{name}"')


def test_a_reader_can_read_what_is_published_and_nothing_else(engine: Engine, database: str, role: str) -> None:
    write_batch(engine, [stored()], None)
    assert grant(engine, role) is True
    reader = create_engine(make_url(database).set(drivername="postgresql+psycopg", username=role))
    with reader.connect() as connection:
        for view in VIEWS:
            connection.execute(text(f"SELECT * FROM {view.name}")).all()
        assert connection.execute(text("SELECT title FROM v_articles")).scalar() == "Завод «Салют» открыл новый цех"
    for statement in (
        "SELECT * FROM quarantine",
        "SELECT * FROM runs",
        "SELECT archive_file FROM captures",
        "DELETE FROM articles",
        "CREATE TABLE mine (id INTEGER)",
    ):
        with reader.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))
    reader.dispose()


READ_BY_A_READER = {
    **dict.fromkeys(("articles", "pages", "article_versions", "entities", "entity_forms", "entity_decisions"), "id"),
    "captures": "page_id",
}


def test_a_reader_sees_nothing_that_is_not_published(engine: Engine, database: str, role: str) -> None:
    write_batch(engine, [stored(1, tags=(Tag("насосы"),)), stored(2, tags=(Tag("помпы"),))], None)
    write_batch(engine, [later(stored(1, tags=(Tag("насосы"),), paragraphs=NEW_TEXT))], None)
    write_batch(engine, [answered(Outcome.QUARANTINED, 3), answered(Outcome.MISSING, 4)], None)
    deciding.rename(engine, "насосы", "Насос", "редактор")
    deciding.merge(engine, "насосы", "помпы", "редактор")
    with engine.begin() as connection:
        # As a verdict on a run does: one article is hidden, of the other the newer version.
        connection.execute(text("UPDATE article_versions SET state = 'withheld' WHERE article_id = 2 OR number = 2"))
        connection.execute(text("UPDATE articles SET published_version = 1 WHERE id = 1"))
        connection.execute(text("UPDATE articles SET published_version = NULL WHERE id = 2"))
        connection.execute(text("DELETE FROM article_tags WHERE article_id = 2"))
    grant(engine, role)
    reader = create_engine(make_url(database).set(drivername="postgresql+psycopg", username=role))

    def numbers(of: Engine) -> dict[str, int]:
        with of.connect() as connection:
            counts = {table: f"SELECT count({column}) FROM {table}" for table, column in READ_BY_A_READER.items()}
            return {table: connection.execute(text(count)).scalar_one() for table, count in counts.items()}

    assert numbers(reader) == {
        "articles": 1,
        "pages": 1,
        "captures": 2,
        "article_versions": 1,
        "entities": 1,
        "entity_forms": 1,
        "entity_decisions": 1,
    }
    everything = numbers(engine)
    assert (everything["pages"], everything["article_versions"], everything["entity_decisions"]) == (4, 3, 2)
    remove(engine, key(1), "просьба автора")
    assert numbers(reader) == dict.fromkeys(READ_BY_A_READER, 0) | {"pages": 1}
    reader.dispose()


def test_a_reader_can_search_export_count_and_show(
    armcrawl: Callable[..., Finished], engine: Engine, database: str, role: str, tmp_path: Path
) -> None:
    begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [stored()], None)
    write_batch(engine, [stored(1), stored(2)], None)
    deciding.rename(engine, "Салют", "Завод «Салют»", "редактор")
    remove(engine, key(1), "просьба автора")
    join_waiting(engine)
    grant(engine, role)
    url = make_url(database).set(username=role).render_as_string(hide_password=False)
    for command in (
        ("search", "цех", "--tag", "завод САЛЮТ", "--one-per-cluster"),
        ("search", "сотни верблюдов цех"),
        ("search", "цех", "--tag", "Верблюд", "--source", "Верблюд"),
        ("search", "цех", "--sql"),
        ("export", str(tmp_path / "all.csv")),
        ("export", str(tmp_path / "found.csv"), "--search", "цех", "--tag", "Салют", "--one-per-cluster"),
        ("export", str(tmp_path / "changed.csv"), "--since-run", "1"),
        *(("export", str(tmp_path / f"{view.name}.csv"), "--view", view.name) for view in VIEWS),
        *(("stats", "--by", what) for what in ("month", "tag", "source", "section")),
        ("show", "9911"),
        ("show", "9911", "--revisions"),
        ("show", "9911", "--diff"),
        ("entities", "show", "завод Салют"),
        ("entities", "list"),
        ("entities", "review"),
        ("entities", "decisions"),
    ):
        done = armcrawl(*command, "--database", url)
        assert (done.code, done.err) == (0, ""), command
    for command in (("status",), ("runs", "list"), ("entities", "undo", "1", "--apply")):
        done = armcrawl(*command, "--database", url)
        assert (done.code, "permission denied" in done.err) == (1, True), command
        assert "Traceback" not in done.err


def test_a_role_that_is_there_is_granted_again_without_being_made(engine: Engine, role: str) -> None:
    grant(engine, role)
    assert grant(engine, role) is False


@pytest.mark.parametrize("name", ["", "public", "pg_monitor", "р" * 32])
def test_what_is_no_readers_name_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a reader"):
        grant(engine, name)


def test_the_owner_is_no_reader(engine: Engine) -> None:
    with pytest.raises(UsageError, match="owns the database's tables"):
        grant(engine, engine.url.username or "")


def test_a_role_that_may_do_more_is_refused(engine: Engine, role: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{role}" IN ROLE pg_read_all_data')
    with pytest.raises(UsageError, match="may use backups as well"):
        grant(engine, role)


def test_a_reader_stays_one_through_an_upgrade(engine: Engine, role: str) -> None:
    grant(engine, role)
    with engine.begin() as connection:
        assert readers_of_views(connection) == [role]
        drop_views(connection)
        create_views(connection)
        assert readers_of_views(connection) == []
        grant_views(connection, role)
        assert readers_of_views(connection) == [role]


def test_a_view_that_rests_on_ours_is_named(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT title FROM v_articles"))
    with pytest.raises(DatabaseError, match="rests on v_articles"), engine.begin() as connection:
        drop_views(connection)


def test_a_takedown_waits_for_a_batch_that_is_being_written(
    engine: Engine, database: str, ask: Ask, postgresql: Databases
) -> None:
    write_batch(engine, [stored(1)], None)
    other = open_database(database)
    with writing(engine) as connection, ThreadPoolExecutor() as pool:
        held = postgresql.locks(database)
        removing = pool.submit(remove, other, key(1), "просьба автора")
        wait_for(lambda: postgresql.locks(database) > held)
        assert not removing.done()
        connection.commit()
        removing.result()
    other.dispose()
    assert ask("SELECT outcome FROM pages") == [("removed",)]


def test_a_writer_waits_for_its_turn_longer_than_for_any_other_lock(database: str) -> None:
    first = open_database(database)
    second = open_database(f"{database}{'&' if '?' in database else '?'}options=-c%20lock_timeout%3D100")
    waits = """SELECT 1 FROM pg_stat_activity JOIN pg_locks USING (pid)
               WHERE NOT granted AND clock_timestamp() > query_start + interval '300 ms'"""

    def write() -> str:
        with writing(second) as connection:
            return str(connection.execute(text("SHOW lock_timeout")).scalar())

    with ThreadPoolExecutor(1) as thread:
        with writing(first) as connection:
            waiting = thread.submit(write)
            wait_for(lambda: connection.execute(text(waits)).first())
        assert waiting.result() == "100ms"
    first.dispose()
    second.dispose()


def test_sqlite_has_no_roles(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(UsageError, match="no roles"):
        grant(engine, "reader")
    engine.dispose()


def test_a_lost_connection_is_waited_for_and_nothing_is_doubled(
    engine: Engine, database: str, ask: Ask, postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_worker, "WAITS_SECONDS", (0.1, 0.2, 0.4, 0.8))
    name = make_url(database).database

    async def use() -> None:
        worker = DatabaseWorker(database)
        await worker.call(write_batch, [stored(1)], None)
        engine.dispose()
        # As an administrator who stops the server with `fast`: whoever is connected is thrown out.
        postgresql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        await worker.call(write_batch, [stored(1), stored(2)], None)
        await worker.close()

    asyncio.run(use())
    assert ask("SELECT count(*) FROM articles") == [(2,)]
    assert ask("SELECT count(*) FROM captures") == [(2,)]


def test_a_server_that_is_stopped_for_a_while_is_waited_for(
    own_server: OwnServer, own_database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database_worker, "WAITS_SECONDS", (0.2,) * 1000)

    async def use() -> None:
        worker = DatabaseWorker(own_database)
        await worker.call(write_batch, [stored(1)], None)
        own_server.stop()
        starting = asyncio.get_running_loop().run_in_executor(None, start_later, own_server, caplog)
        await worker.call(write_batch, [stored(1), stored(2)], None)
        await starting
        await worker.close()

    asyncio.run(use())
    engine = open_database(own_database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM article_versions")).scalar() == 2
    engine.dispose()


def start_later(own_server: OwnServer, caplog: pytest.LogCaptureFixture) -> None:
    wait_for(lambda: "Trying again" in caplog.text)
    own_server.start()


# What roles and databases of other programs have set.
SET_OTHERWISE = {
    "client_encoding": "LATIN1",
    "datestyle": "SQL, DMY",
    "timezone": "Asia/Tokyo",
    "search_path": "nowhere",
    "intervalstyle": "postgres_verbose",
    "bytea_output": "escape",
    "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable",
}


def test_what_a_database_has_set_for_its_sessions_changes_nothing(database: str, postgresql: Databases) -> None:
    for name, value in SET_OTHERWISE.items():
        postgresql.execute(f"ALTER DATABASE {make_url(database).database} SET {name} = '{value}'")
    engine = open_database(database)
    write_batch(engine, [stored(1)], None)
    with engine.connect() as connection:
        version = connection.execute(text("SELECT body, created_at FROM article_versions")).one()
        found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in SET_OTHERWISE}
    engine.dispose()
    article = stored(1).article
    assert article is not None
    assert version.body == article.body
    assert not found.items() & SET_OTHERWISE.items()
    assert found["timezone"] == "UTC"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "WIN1251"])
def test_a_database_of_another_encoding_is_refused_in_a_sentence(postgresql: Databases, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    postgresql.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    url = postgresql.url(name)
    try:
        with pytest.raises(DatabaseError, match=f"has the encoding {encoding}, which does not hold all letters"):
            open_database(url)
    finally:
        postgresql.drop(url)


def test_the_machine_of_a_session_that_vanishes_is_missed_within_a_minute(database: str) -> None:
    engine = open_database(database)
    with engine.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]  # psycopg's
    engine.dispose()
    names = ("idle", "interval", "count")
    assert [told[f"keepalives_{name}"] for name in names] == ["30", "10", "3"]
    # The server's own, by which it lets go of a lock; on a socket of the same machine it shows none.
    for name, number in zip(names, (30, 10, 3), strict=True):
        assert f"-c tcp_keepalives_{name}={number}" in told["options"]
    # Neither side probes while it waits for the other to confirm what was sent.
    assert (told["tcp_user_timeout"], "-c tcp_user_timeout=60000" in told["options"]) == ("60000", True)


def test_a_server_that_only_reads_since_another_took_over_is_waited_for(
    own_server: OwnServer, own_database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(database_worker, "WAITS_SECONDS", (0.2,) * 1000)
    servers = Databases(own_server.address)

    def only_reads(said: str) -> None:
        servers.execute(f"ALTER SYSTEM SET default_transaction_read_only = {said}")
        servers.execute("SELECT pg_reload_conf()")

    def write_again() -> None:
        wait_for(lambda: "Trying again" in caplog.text)
        with psycopg.connect(own_database, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET default_transaction_read_only = off")
            connection.execute("SELECT pg_reload_conf()")

    async def use() -> None:
        worker = DatabaseWorker(own_database)
        await worker.call(write_batch, [stored(1)], None)
        only_reads("on")
        healing = asyncio.get_running_loop().run_in_executor(None, write_again)
        await worker.call(write_batch, [stored(1), stored(2)], None)
        await healing
        await worker.close()

    asyncio.run(use())
    assert "read-only transaction" in caplog.text
    engine = open_database(own_database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM article_versions")).scalar() == 2
    engine.dispose()


def test_a_wrong_password_is_one_sentence_without_it(own_server: OwnServer, own_database: str) -> None:
    engine = open_database(own_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE press LOGIN PASSWORD 'right'")
    engine.dispose()
    rules = own_server.folder / "pg_hba.conf"
    rules.write_text("local all press scram-sha-256\n" + rules.read_text())
    own_server.control("reload")
    url = own_database.replace("postgres:@", "press:verysecret@")
    with pytest.raises(DatabaseError, match="password authentication failed") as refused:
        open_database(url)
    assert not isinstance(refused.value, DatabaseAwayError)
    assert "verysecret" not in str(refused.value)


def test_a_server_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_worker, "WAITS_SECONDS", (0.01, 0.01))

    async def use() -> None:
        worker = DatabaseWorker("postgresql://press:verysecret@127.0.0.1:9/press")
        try:
            await worker.call(head, "armtorg", "news")
        finally:
            await worker.close()

    with pytest.raises(DatabaseAwayError, match="refused") as given_up:
        asyncio.run(use())
    assert "verysecret" not in str(given_up.value)


def test_a_reader_whose_server_has_gone_is_told_so_when_a_transaction_begins(
    own_server: OwnServer, own_database: str
) -> None:
    reader = open_read_only(own_database)
    with reading(reader) as connection:
        connection.exec_driver_sql("SELECT 1")
    own_server.stop()
    try:
        with pytest.raises(DatabaseAwayError), reading(reader) as connection:
            connection.exec_driver_sql("SELECT 1")
    finally:
        own_server.start()
        reader.dispose()
