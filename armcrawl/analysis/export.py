"""An export: a view, or a part of it, becomes a file, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.analysis.export_formats import FORMATS, writer_for
from armcrawl.errors import UsageError
from armcrawl.files import writing_whole
from armcrawl.store.base.database import reading
from armcrawl.store.queries.view_rows import columns_of, count_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

    from sqlalchemy import Engine

    from armcrawl.store.queries.view_rows import Selection


def export(engine: Engine, selection: Selection, path: Path, tell: Callable[[int, int], None] | None = None) -> int:
    """Write what is selected into a file of the extension's format; return the number of rows.

    All rows are of one moment, however long it takes. `tell` is called with the rows that are done and all that
    there are. Raises UsageError for another extension or a selection that makes no sense.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path.name!r} names no format: it must end in {', '.join(FORMATS)}.")
    with writing_whole(path) as file:
        return write_rows(engine, selection, path.suffix.lower(), file, tell)


def write_rows(
    engine: Engine,
    selection: Selection,
    suffix: str,
    file: IO[bytes],
    tell: Callable[[int, int], None] | None = None,
) -> int:
    """Write what is selected into an open file, in the format of a suffix; return the number of rows."""
    done = 0
    with reading(of_one_moment(engine)) as connection:
        writer = writer_for(suffix, file, columns_of(selection))
        total = count_rows(connection, selection) if tell else 0
        for rows in rows_of(connection, selection):
            writer.write(rows)
            done += len(rows)
            if tell:
                tell(done, total)
        writer.close()
    return done


def of_one_moment(engine: Engine) -> Engine:
    """Return the engine for reading one state of the database in all statements."""
    # SQLite's readers see one moment anyway; to PostgreSQL each statement is a moment of its own, unless told.
    is_postgresql = engine.dialect.name == "postgresql"
    return engine.execution_options(isolation_level="REPEATABLE READ") if is_postgresql else engine
