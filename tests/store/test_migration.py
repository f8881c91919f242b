"""The schema's history."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, inspect, text

from armcrawl.errors import DatabaseError
from armcrawl.store.database import connect, open_database, reading, writing
from armcrawl.store.documentation import schema_page
from armcrawl.store.migration import SCHEMA_VERSION, alembic_config, check_schema, upgrade
from armcrawl.store.schema import metadata
from armcrawl.store.shingle_index import POSTING, all_lists, enter
from armcrawl.store.views import VIEWS
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.postgresql import Databases


def test_the_version_is_the_newest_of_the_history(engine: Engine) -> None:
    with reading(engine) as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    assert script.get_current_head() == SCHEMA_VERSION


def test_a_new_database_is_exactly_what_the_tables_say(engine: Engine) -> None:
    check_schema(engine)


def test_a_difference_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_pages_site_section_number"))
    with pytest.raises(DatabaseError, match="differs from its schema"):
        check_schema(engine)


OLD_TAGS = """
INSERT INTO pages (id, site, section, external_id, number, address, outcome, first_seen_at, fetched_at, attempts,
    checks) VALUES (1, 'armtorg', 'news', '7', 7, 'https://armtorg.ru/news/7', 'article', '2026-01-01 00:00:00',
    '2026-01-01 00:00:00', 0, 0);
INSERT INTO articles (id, page_id, key, current_version) VALUES (1, 1, 'armtorg/news/7', 1);
INSERT INTO tags (id, key, name, slug) VALUES (1, 'насосы', 'насосы', 'nasosy'), (2, 'помпы', 'помпы', 'pompy');
INSERT INTO article_tags (article_id, position, tag_id, form, address) VALUES (1, 0, 1, 'насосы', 'x'),
    (1, 1, 2, 'помпы', 'x'), (1, 2, 2, 'помпам', 'y')
"""


def test_what_old_tags_link_to_is_taken_over(without_tables: str) -> None:
    engine = connect(without_tables)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        for statement in OLD_TAGS.split(";"):
            connection.execute(text(statement))
    upgrade(engine)
    check_schema(engine)
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT address, form, is_shared FROM tag_addresses ORDER BY address, form"))
        assert [(row[0], row[1], bool(row[2])) for row in rows] == [
            ("x", "насосы", True),
            ("x", "помпы", True),
            ("y", "помпам", False),
        ]
    engine.dispose()


OLD_SHINGLES = [(-(1 << 63), 1), (-(1 << 63), 2), (5, 3), (5 + (1 << 18), 3), (-7, 1)]
# More lists than are written at once.
OLD_SHINGLES += [(value, 4) for value in range(1_000, 7_000)]


def test_an_old_index_of_shingles_is_packed_as_it_was(without_tables: str) -> None:
    engine = connect(without_tables)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0008")
        connection.execute(
            text("INSERT INTO article_shingles (hash, article_id) VALUES (:value, :article_id)"),
            [{"value": value, "article_id": article_id} for value, article_id in OLD_SHINGLES],
        )
    upgrade(engine)
    check_schema(engine)
    with writing(engine) as connection:
        lists = [list(POSTING.iter_unpack(one)) for _, some in all_lists(connection) for one in some.values()]
        assert enter(connection, {9: frozenset({5, 5 + (1 << 18)})}) == {9: [3]}
    assert sorted(chain.from_iterable(lists)) == sorted(OLD_SHINGLES)
    assert sorted(map(len, lists)) == [1] * 6_001 + [2, 2]
    engine.dispose()


def test_an_old_database_keeps_its_rows(without_tables: str) -> None:
    engine = connect(without_tables)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO pages (site, section, external_id, number, address, outcome, first_seen_at, fetched_at, "
                "attempts) VALUES ('armtorg', 'news', '7', 7, 'https://armtorg.ru/news/7', 'missing', "
                "'2026-01-01 00:00:00', '2026-01-01 00:00:00', 0)"
            )
        )
    assert upgrade(engine) is True
    check_schema(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT number, checks FROM pages")).all() == [(7, 0)]
    engine.dispose()


def test_an_upgrade_of_a_new_schema_changes_nothing(engine: Engine) -> None:
    assert upgrade(engine) is False


@pytest.mark.parametrize(("version", "words"), [("0000", "run `armcrawl db upgrade`"), ("9999", "install a newer one")])
def test_another_schema_is_refused_with_what_to_do(engine: Engine, database: str, version: str, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    with pytest.raises(DatabaseError, match=words):
        open_database(database)


@pytest.fixture(params=["sqlite", "postgresql"])
def without_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of either kind that nobody has used."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    databases: Databases = request.getfixturevalue("postgresql")
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.mark.parametrize("object_name", ["VIEW v_articles", "VIEW v_completeness"])
def test_a_missing_view_is_found(engine: Engine, object_name: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"DROP {object_name}"))
    with pytest.raises(DatabaseError, match=f"{object_name.split()[1]} is missing"):
        check_schema(engine)


def test_a_table_of_somebody_else_is_no_difference(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE analysts_own (id INTEGER)"))
    check_schema(engine)


def test_a_newer_database_is_not_upgraded(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="install a newer one"):
        upgrade(engine)


def test_the_first_use_makes_the_tables(without_tables: str) -> None:
    engine = open_database(without_tables)
    check_schema(engine)
    engine.dispose()


def test_tables_of_somebody_else_are_left_alone(without_tables: str) -> None:
    engine = connect(without_tables)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE articles (id INTEGER)"))
    with pytest.raises(DatabaseError, match="did not make"):
        open_database(without_tables)
    assert inspect(engine).get_table_names() == ["articles"]
    engine.dispose()


def test_an_unused_database_is_no_archive(without_tables: str) -> None:
    connect(without_tables).dispose()
    with pytest.raises(DatabaseError, match="armcrawl crawl"):
        open_database(without_tables, create=False)


def test_every_table_column_and_view_has_a_comment(engine: Engine) -> None:
    for table in metadata.sorted_tables:
        assert table.comment
        assert all(column.comment for column in table.columns), table.name
    with reading(engine) as connection:
        for view in VIEWS:
            columns = list(connection.execute(text(f"SELECT * FROM {view.name}")).keys())
            assert columns == list(view.columns), view.name


def test_what_goes_with_an_article_is_found_by_an_index() -> None:
    """Else each article that is rejected would have whole tables be read."""
    for table in metadata.sorted_tables:
        keys = [one for one in table.constraints if isinstance(one, (UniqueConstraint, PrimaryKeyConstraint))]
        indexed = {next(iter(one.columns)).name for one in keys} | {index.columns[0].name for index in table.indexes}
        of_articles = {key.parent.name for key in table.foreign_keys if key.column.table.name.startswith("article")}
        assert of_articles <= indexed, table.name


def test_the_schema_page_is_up_to_date() -> None:
    assert (TOP / "docs" / "schema.md").read_text(encoding="utf-8") == schema_page()
