"""An export: views, or parts of them, become a file or a data set, whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from armcrawl.analysis.datapackage import descriptor
from armcrawl.analysis.excel_format import Xlsx
from armcrawl.analysis.export_formats import writer_for
from armcrawl.analysis.forms import Form
from armcrawl.files import making_whole, write_whole, writing_whole
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.view_rows import Selection, columns_of, count_rows, rows_of_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import IO

    from sqlalchemy import Connection, Engine

    Tell = Callable[[int, int], None]

PARQUET = Form("parquet")


def export(engine: Engine, selections: Sequence[Selection], path: Path, form: Form, tell: Tell | None = None) -> int:
    """Write what is selected, each of another view, into a file; return the number of rows.

    All rows are of one moment, however long it takes. `tell` is called with the rows that are done and all that
    there are. Raises UsageError for a selection that makes no sense, ArmcrawlError where the file cannot be written.
    """
    with writing_whole(path) as file:
        return write_rows(engine, selections, form, file, tell)


def export_dataset(engine: Engine, folder: Path, tell: Tell | None = None) -> dict[str, int]:
    """Write all views as files of Parquet into a new folder, with what they are; return the number of rows of each.

    `datapackage.json` is a Data Package: types, meanings, keys and references of all columns. Raises UsageError
    where there is something at the folder's place already.
    """
    selections = [Selection(view.name) for view in VIEWS]
    done: dict[str, int] = {}
    with making_whole(folder) as part, reading_one_moment(engine) as connection:
        total = sum(count_rows(connection, one) for one in selections) if tell else 0
        for selection in selections:
            with writing_whole(part / f"{selection.view}.parquet") as file:
                progress = _after(sum(done.values()), total, tell)
                done[selection.view] = _write(connection, [selection], PARQUET, file, progress)
        text = json.dumps(descriptor(done), ensure_ascii=False, indent=2)
        write_whole(part / "datapackage.json", f"{text}\n".encode())
    return done


def write_rows(
    engine: Engine, selections: Sequence[Selection], form: Form, file: IO[bytes], tell: Tell | None = None
) -> int:
    """Write what is selected into an open file; return the number of rows."""
    with reading_one_moment(engine) as connection:
        total = sum(count_rows(connection, one) for one in selections) if tell else 0
        return _write(connection, selections, form, file, _after(0, total, tell))


def _write(
    connection: Connection, selections: Sequence[Selection], form: Form, file: IO[bytes], tell: Callable[[int], None]
) -> int:
    done = 0
    writer = writer_for(form, file, {one.view: columns_of(one) for one in selections})
    try:
        for selection in selections:
            if isinstance(writer, Xlsx):
                writer.turn_to(selection.view)
            for rows in rows_of_view(connection, selection):
                writer.write(rows)
                done += len(rows)
                tell(done)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return done


def _after(before: int, total: int, tell: Tell | None) -> Callable[[int], None]:
    """Return what tells how many rows are done, where some were before."""
    return lambda done: tell(before + done, total) if tell else None
