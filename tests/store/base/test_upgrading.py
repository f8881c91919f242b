"""Databases of older armcrawls: the chain makes the tables that a new database has, and keeps what is in them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import delete, inspect, text, update

from armcrawl.errors import DatabaseError
from armcrawl.store.base import fts, shape, upgrading
from armcrawl.store.base.database import connect, open_database
from armcrawl.store.base.schema import TOKENS, metadata
from armcrawl.store.base.upgrading import CHAIN, chain_of, upgrade
from armcrawl.store.base.views import drop_views
from tests.chain import FIRST, digests, released, statements

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("weather", sa.Text, nullable=False, server_default="sun"))
        batch.alter_column("site", new_column_name="place")
"""
FAILING = SECOND + '    op.execute("SELECT 1 FROM nowhere")\n'
ROW = """INSERT INTO runs (id, site, kind, arguments, version, started_at)
  VALUES (77, 'armtorg', 'crawl', '{}', '1.0.0', '2026-11-30 03:00:00')"""


def described(connection: Connection) -> object:
    """Return all that a database tells of its tables."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'view'"))
        return sorted(tuple(str(value).split()) for row in found for value in ["|".join(map(str, row))])
    columns = text("""SELECT table_name, column_name, data_type, is_nullable, column_default,
      col_description(table_name::regclass, ordinal_position) FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY 1, 2""")
    constraints = text("""SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""")
    indexes = text("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2")
    comments = text("""SELECT relname, obj_description(oid) FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1""")
    return [connection.execute(query).all() for query in (columns, constraints, indexes, comments)]


def test_the_chain_makes_the_tables_that_a_new_database_has(engine: Engine) -> None:
    with engine.begin() as connection:
        drop_views(connection)
        wanted = described(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE search_index")
        metadata.drop_all(connection)
        connection.execute(delete(shape.revisions))
        command.upgrade(chain_of(connection), "head")
        assert described(connection) == wanted


def test_the_first_revision_is_the_tables_of_today_until_there_is_a_second() -> None:
    if shape.HEAD == "0001":
        for dialect in ("sqlite", "postgresql"):
            stored = FIRST.with_suffix(f".{dialect}.sql").read_text(encoding="utf-8").split("\n\n")
            assert ["".join(one.split()) for one in stored] == ["".join(one.split()) for one in statements(dialect)], (
                "the tables have changed: write a revision; before the first release `python -m tests.chain` is enough"
            )


def test_revisions_that_were_released_are_as_they_were() -> None:
    # Databases were made by them: what is changed in them now, these would never get.
    assert {name: digests().get(name) for name in released()} == released()


def test_the_head_is_the_last_revision_and_tokens_change_with_one() -> None:
    names = sorted(path.stem.partition("_")[0] for path in (CHAIN / "versions").glob("*.py"))
    assert (shape.HEAD, TOKENS, len(fts.COLUMNS)) == (
        names[-1],
        "words, on PostgreSQL pairs and periods of ten days; places with eleven bits of the section",
        4,
    )


def with_second(folder: Path, monkeypatch: pytest.MonkeyPatch, second: str) -> None:
    """Let there be a revision after the first one."""
    shutil.copytree(CHAIN, folder / "chain")
    (folder / "chain" / "versions" / "0002_second.py").write_text(second, encoding="utf-8")
    monkeypatch.setattr(upgrading, "CHAIN", folder / "chain")
    for module in (shape, upgrading):
        monkeypatch.setattr(module, "HEAD", "0002")


def stored_run(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(ROW))


def test_an_older_database_is_refused_until_it_is_brought_up_and_keeps_its_rows(
    engine: Engine, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_run(engine)
    # The views of this armcrawl ask for a column that the revision renames.
    monkeypatch.setattr(upgrading, "renew_views", lambda *_: None)
    with_second(tmp_path, monkeypatch, SECOND)
    with pytest.raises(DatabaseError, match=r"`armcrawl backup DIR`, then run `armcrawl db upgrade`"):
        open_database(database)
    assert (upgrade(engine), upgrade(engine)) == ("0001", "0002")
    with engine.connect() as connection:
        assert tuple(connection.execute(text("SELECT place, weather FROM runs WHERE id = 77")).one()) == (
            "armtorg",
            "sun",
        )


def test_a_revision_that_fails_leaves_the_database_as_it_was(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_run(engine)
    with_second(tmp_path, monkeypatch, FAILING)
    with pytest.raises(DatabaseError, match="nowhere"):
        upgrade(engine)
    with engine.connect() as connection:
        assert {column["name"] for column in inspect(connection).get_columns("runs")} >= {"site"}
        assert connection.execute(text("SELECT count(*) FROM v_articles")).scalar() == 0


def test_views_of_another_armcrawl_are_made_anew(engine: Engine, database: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(shape.shape).values(views="0123456789abcdef"))
        connection.execute(text("DROP VIEW v_links"))
    assert upgrade(engine) == "0001"
    open_database(database).dispose()


def test_a_database_of_a_newer_armcrawl_is_refused(engine: Engine, database: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(shape.revisions).values(version_num="9999"))
    with pytest.raises(DatabaseError, match="A newer armcrawl made this database"):
        open_database(database)


def test_a_database_from_before_the_chain_is_not_brought_up(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(shape.revisions))
    with pytest.raises(DatabaseError, match="`armcrawl db new-from-archive`"):
        upgrade(engine)


def test_an_empty_database_is_not_brought_up(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="is empty"):
        upgrade(connect(f"sqlite:///{tmp_path}/new.db"))
