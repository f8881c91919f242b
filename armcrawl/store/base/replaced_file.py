"""A file that another has replaced, as who restores a backup does: its readers go on with the new one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.pool import ConnectionPoolEntry


def file_at(path: Path) -> tuple[int, int] | None:
    """Return what tells the file at a place from any other that is put there; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def follow(engine: Engine, path: Path) -> None:
    """Have an engine make a connection anew that reads what is not at its place any more."""
    event.listen(engine, "connect", partial(_note_file, path))
    event.listen(engine, "checkout", partial(_check_file, path))


def _note_file(path: Path, connection: object, record: ConnectionPoolEntry) -> None:
    del connection
    record.info["file"] = file_at(path)


def _check_file(path: Path, connection: object, record: ConnectionPoolEntry, proxy: object) -> None:
    del connection, proxy
    if record.info["file"] != file_at(path):
        raise DisconnectionError
