"""The tables and views of a database: made once, and refused where they are another armcrawl's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, delete, inspect, text, update

from armcrawl.errors import DatabaseError
from armcrawl.store.admin.schema_page import schema_page
from armcrawl.store.base.database import connect, open_database, reading
from armcrawl.store.base.schema import metadata
from armcrawl.store.base.shape import check_complete, make, revisions, shape
from armcrawl.store.base.views import VIEWS, create_views, drop_views
from tests.conftest import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.postgresql import Databases


def test_a_new_database_is_complete(engine: Engine) -> None:
    check_complete(engine)


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("DROP INDEX ix_pages_site_section_number", "ix_pages_site_section_number"),
        ("DROP TABLE exchange_rates CASCADE", "exchange_rates"),
        ("ALTER TABLE runs DROP COLUMN sentence", "runs.sentence"),
    ],
)
def test_what_is_missing_is_named(engine: Engine, statement: str, missing: str) -> None:
    with engine.begin() as connection:
        drop_views(connection)
        is_sqlite = connection.dialect.name == "sqlite"
        connection.execute(text(statement.removesuffix(" CASCADE") if is_sqlite else statement))
        create_views(connection) if missing != "exchange_rates" else None
    with pytest.raises(DatabaseError, match=f"{missing}(, .*)? is missing"):
        check_complete(engine)


def test_tables_that_are_there_are_not_made_again(engine: Engine) -> None:
    assert make(engine) is False


def test_tables_from_before_the_chain_are_refused_with_what_to_do(engine: Engine, database: str) -> None:
    with engine.begin() as connection:
        connection.execute(delete(revisions))
    for use in (lambda: open_database(database), lambda: make(engine)):
        with pytest.raises(DatabaseError, match=r"`armcrawl db new-from-archive`"):
            use()


def test_tables_from_before_databases_kept_their_shape_are_refused(without_tables: str) -> None:
    engine = connect(without_tables)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE articles (id INTEGER)"))
    engine.dispose()
    with pytest.raises(DatabaseError, match=r"`armcrawl db new-from-archive`"):
        open_database(without_tables)


def test_views_of_another_armcrawl_are_made_anew(engine: Engine, database: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(shape).values(views="0123456789abcdef"))
        connection.execute(text("DROP VIEW v_articles"))
    with pytest.raises(DatabaseError, match="`armcrawl db create`"):
        open_database(database)
    assert make(engine) is True
    open_database(database).dispose()
    check_complete(engine)


def test_two_that_make_the_tables_at_once_make_them_once(without_tables: str) -> None:
    engines = [connect(without_tables) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(make, engines)) == [False, True]
    for engine in engines:
        engine.dispose()


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
        check_complete(engine)


def test_a_table_of_somebody_else_is_no_difference(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE analysts_own (id INTEGER)"))
    check_complete(engine)


def test_the_first_use_makes_the_tables(without_tables: str) -> None:
    engine = open_database(without_tables)
    check_complete(engine)
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
        indexes = [*keys, *(one for one in table.indexes if len(one.columns))]  # not those of an expression
        indexed = {next(iter(one.columns)).name for one in indexes}
        of_articles = {key.parent.name for key in table.foreign_keys if key.column.table.name.startswith("article")}
        assert of_articles <= indexed, table.name


def test_the_schema_page_is_up_to_date() -> None:
    assert (TOP / "docs" / "schema.md").read_text(encoding="utf-8") == schema_page()
