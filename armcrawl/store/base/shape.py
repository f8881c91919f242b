"""The shape of a database: its tables and views are made at once, and those of another armcrawl are refused.

Tables have a revision, and those of an older one are brought up to ours (`upgrading.py`). Views hold nothing: they
have a fingerprint, and are made anew where it is another one.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, Text, column, insert, inspect, select, table, text, update

from armcrawl.errors import DatabaseError
from armcrawl.store.base import fts
from armcrawl.store.base.schema import metadata
from armcrawl.store.base.views import VIEWS, create_views, drop_views, grant_views, readers_of_views

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

# An arbitrary number that only armcrawl takes this PostgreSQL lock with.
SHAPE_LOCK = 4_711_033_259
OURS = {"articles", "pages", "runs"}
# The last file of `chain/versions`.
HEAD = "0001"
OLDER = "An older armcrawl made this database: back it up with `armcrawl backup DIR`, then run `armcrawl db upgrade`."
NEWER = (
    "A newer armcrawl made this database (revision {revision}): install that version, or name another database with "
    "--database."
)
ANOTHER = (
    "No armcrawl that was released made the tables of this database, so they are not brought over: read its archive "
    "into a new one with `armcrawl db new-from-archive`, or name another with --database."
)

# No parts of `metadata`: they are this database's own, and not copied to another.
shape = Table(
    "shape",
    MetaData(),
    Column("views", Text, primary_key=True, comment="Fingerprint of the views"),
    comment="Which views these are; another armcrawl may have others",
)
revisions = Table(
    "alembic_version",  # alembic's own table, under its own name
    MetaData(),
    Column("version_num", String(32), primary_key=True, comment="Which revision the tables have"),
    comment="Which tables these are; an older armcrawl has others",
)


def _fingerprint(lines: Iterable[str]) -> str:
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


VIEWS_SHAPE = _fingerprint(repr(view) for view in VIEWS)


def is_new(connection: Connection) -> bool:
    """Tell whether a database is empty; raises DatabaseError for tables that no armcrawl made."""
    tables = set(inspect(connection).get_table_names())
    if tables & {shape.name, revisions.name}:
        return False
    if tables & OURS:
        raise DatabaseError("The database holds tables that armcrawl did not make: name another with --database.")
    return True


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database's tables, HEAD for ours; None for one that is older than all revisions.

    Raises DatabaseError for a database of a newer armcrawl.
    """
    has_both = {shape.name, revisions.name} <= set(inspect(connection).get_table_names())
    revision = connection.execute(select(revisions.c.version_num)).scalar() if has_both else None
    if revision is not None and revision > HEAD:
        raise DatabaseError(NEWER.format(revision=revision))
    return revision


def _has_our_views(connection: Connection) -> bool:
    return connection.execute(select(shape.c.views)).scalar() == VIEWS_SHAPE


def check_shape(connection: Connection) -> None:
    """Raise DatabaseError, with what to do, unless the tables and views are this armcrawl's."""
    _check_tables(connection)
    if not _has_our_views(connection):
        raise DatabaseError("The views of the database are another armcrawl's: run `armcrawl db create`.")


def _check_tables(connection: Connection) -> None:
    revision = revision_of(connection)
    if revision != HEAD:
        raise DatabaseError(ANOTHER if revision is None else OLDER)


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
            connection.execute(insert(shape).values(views=VIEWS_SHAPE))
            connection.execute(insert(revisions).values(version_num=HEAD))
            return True
        _check_tables(connection)
        if _has_our_views(connection):
            return False
        readers = readers_of_views(connection)
        drop_views(connection)
        renew_views(connection, readers)
        return True


def _make_tables(connection: Connection) -> None:
    metadata.create_all(connection)
    shape.create(connection)
    revisions.create(connection)
    if connection.dialect.name == "sqlite":
        for statement in fts.STATEMENTS:
            connection.exec_driver_sql(statement)


def renew_views(connection: Connection, readers: Iterable[str]) -> None:
    """Make the views, which were dropped, and let those read them who could before."""
    create_views(connection)
    for role in readers:
        grant_views(connection, role)
    connection.execute(update(shape).values(views=VIEWS_SHAPE))
