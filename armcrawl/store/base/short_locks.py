"""Locks within a run: who replaces files of the archive, or makes clusters anew, does so alone for a moment."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.store.base.database import writing
from armcrawl.store.base.lock import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# No site is called so.
FILES, CLUSTERS = "archive+files", "clusters+anew"


@contextmanager
def replacing_files(engine: Engine) -> Iterator[bool]:
    """Hold the right to replace files of a database's archive; yields whether no other process has it just now."""
    if engine.dialect.name == "sqlite":
        with _flocked(engine, FILES, fcntl.LOCK_EX | fcntl.LOCK_NB) as is_held:
            yield is_held
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_held = bool(connection.execute(select(func.pg_try_advisory_lock(key_of(FILES)))).scalar())
        try:
            yield is_held
        finally:
            if is_held:
                connection.execute(select(func.pg_advisory_unlock(key_of(FILES))))


@contextmanager
def making_clusters_anew(engine: Engine) -> Iterator[None]:
    """Have nobody join articles to clusters meanwhile: they wait, and whoever stores them does not."""
    if engine.dialect.name == "sqlite":
        with _flocked(engine, CLUSTERS, fcntl.LOCK_EX):
            with writing(engine):
                pass  # whoever joined before has ended by now
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(key_of(CLUSTERS))))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key_of(CLUSTERS))))


@contextmanager
def joining_clusters(engine: Engine) -> Iterator[Connection | None]:
    """Open a transaction in which articles may join clusters; yields None while these are made anew."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            is_free = _is_unlocked(engine, CLUSTERS)
        else:
            trying = select(func.pg_try_advisory_xact_lock_shared(key_of(CLUSTERS)))
            is_free = bool(connection.execute(trying).scalar())
        yield connection if is_free else None


def _is_unlocked(engine: Engine, name: str) -> bool:
    """Tell whether nobody has locked a file beside an SQLite database; it need not be there."""
    try:
        with Path(f"{Path(engine.url.database or '').resolve()}.{name}.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


@contextmanager
def _flocked(engine: Engine, name: str, how: int) -> Iterator[bool]:
    """Lock a file beside an SQLite database; yields whether that could be done."""
    path = Path(engine.url.database or "").resolve()
    with Path(f"{path}.{name}.lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            yield False
            return
        yield True
