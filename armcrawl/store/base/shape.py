"""The shape of a database: its tables and views are made at once, and those of another armcrawl are refused.

Until 1.0.0 the tables are edited in place, and no database is brought over: what one holds is read again from its
archive. So that nobody has to count versions, a database keeps fingerprints of what it was made by.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Column,
    MetaData,
    Table,
    Text,
    column,
    insert,
    inspect,
    select,
    table,
    text,
    update,
)

from armcrawl.errors import DatabaseError
from armcrawl.store.base import fts
from armcrawl.store.base.schema import TOKENS, metadata
from armcrawl.store.base.views import VIEWS, create_views, drop_views, grant_views, readers_of_views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine

# An arbitrary number that only armcrawl takes this PostgreSQL lock with.
SHAPE_LOCK = 4_711_033_259
# What databases had before they kept their shape.
OLD_TABLE = "alembic_version"
OURS = {"articles", "pages", "runs"}
ANOTHER = (
    "Another armcrawl made this database, its tables are others, and before 1.0.0 none are brought over: read its "
    "archive into a new one with `armcrawl db new-from-archive`, or name another with --database."
)

# No part of `metadata`: it is this database's own, and not copied to another.
shape = Table(
    "shape",
    MetaData(),
    Column("tables", Text, primary_key=True, comment="Fingerprint of the tables"),
    Column("views", Text, nullable=False, comment="Fingerprint of the views"),
    comment="Which tables and views these are; another armcrawl may have others",
)


def _fingerprint(lines: Iterable[str]) -> str:
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def _lines_of_tables() -> Iterator[str]:
    for one in metadata.sorted_tables:
        for each in one.columns:
            target = ",".join(sorted(key.target_fullname for key in each.foreign_keys))
            checks = ",".join(str(check.sqltext) for check in each.constraints if isinstance(check, CheckConstraint))
            yield f"{one.name}.{each.name} {each.type!r} {each.nullable} {each.primary_key} {target} {checks}"
        yield from sorted(
            f"{index.name} {[*map(str, index.expressions)]} {index.unique} {index.dialect_options['sqlite']['where']}"
            for index in one.indexes
        )
        yield from sorted(str(constraint.name) for constraint in one.constraints)
    yield from fts.STATEMENTS
    yield TOKENS


TABLES = _fingerprint(_lines_of_tables())
VIEWS_SHAPE = _fingerprint(repr(view) for view in VIEWS)


def is_new(connection: Connection) -> bool:
    """Tell whether a database is empty; raises DatabaseError for tables that no armcrawl made."""
    tables = set(inspect(connection).get_table_names())
    if tables & {shape.name, OLD_TABLE}:
        return False
    if tables & OURS:
        raise DatabaseError("The database holds tables that armcrawl did not make: name another with --database.")
    return True


def is_of_another(connection: Connection) -> bool:
    """Tell whether another armcrawl, whose tables are others, made a database that is not empty."""
    if not inspect(connection).has_table(shape.name):
        return True
    return connection.execute(select(shape.c.tables)).scalar() != TABLES


def _has_our_views(connection: Connection) -> bool:
    return connection.execute(select(shape.c.views)).scalar() == VIEWS_SHAPE


def check_shape(connection: Connection) -> None:
    """Raise DatabaseError, with what to do, unless the tables and views are this armcrawl's."""
    if is_of_another(connection):
        raise DatabaseError(ANOTHER)
    if not _has_our_views(connection):
        raise DatabaseError("The views of the database are another armcrawl's: run `armcrawl db create`.")


def check_complete(engine: Engine) -> None:
    """Raise DatabaseError unless the database has all tables, columns, indexes and views of this armcrawl."""
    with engine.connect() as connection:
        if is_new(connection):
            raise DatabaseError("The database is empty: make its tables with `armcrawl db create`, or crawl.")
        check_shape(connection)
        missing = sorted(_wanted(connection) - _present(connection))
    if missing:
        raise DatabaseError(f"The database is not as armcrawl made it: {', '.join(missing)} is missing.")


def _wanted(connection: Connection) -> set[str]:
    names = {view.name for view in VIEWS}
    if connection.dialect.name == "sqlite":
        names |= fts.OBJECTS
    for one in metadata.sorted_tables:
        names |= {one.name} | {f"{one.name}.{each.name}" for each in one.columns}
        # An index may be of one kind of database only.
        ours = {None, connection.dialect.name}
        names |= {str(index.name) for index in one.indexes if index.info.get("dialect") in ours}
    return names


def _present(connection: Connection) -> set[str]:
    found = inspect(connection)
    tables = found.get_table_names()
    names = {*tables, *found.get_view_names()}
    names |= {f"{key[1]}.{each['name']}" for key, columns in found.get_multi_columns().items() for each in columns}
    names |= {str(each["name"]) for indexes in found.get_multi_indexes().values() for each in indexes}
    if connection.dialect.name == "sqlite":
        names |= set(connection.execute(select(column("name")).select_from(table("sqlite_master"))).scalars())
    return names


def make(engine: Engine) -> bool:
    """Make the tables of an empty database, and views that are another armcrawl's anew; others wait meanwhile.

    Returns whether anything was to do. Raises DatabaseError for tables of another armcrawl.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SHAPE_LOCK})
        if is_new(connection):
            _make_tables(connection)
            create_views(connection)
            connection.execute(insert(shape).values(tables=TABLES, views=VIEWS_SHAPE))
            return True
        if is_of_another(connection):
            raise DatabaseError(ANOTHER)
        if _has_our_views(connection):
            return False
        _renew_views(connection)
        return True


def _make_tables(connection: Connection) -> None:
    metadata.create_all(connection)
    shape.create(connection)
    if connection.dialect.name == "sqlite":
        for statement in fts.STATEMENTS:
            connection.exec_driver_sql(statement)


def _renew_views(connection: Connection) -> None:
    readers = readers_of_views(connection)
    drop_views(connection)
    create_views(connection)
    for role in readers:
        grant_views(connection, role)
    connection.execute(update(shape).values(views=VIEWS_SHAPE))
