"""The backups that were taken of a database, as far as it knows: each keeps what is taken down after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import backups
from armcrawl.store.base.sql import upsert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


class KeptBackup(NamedTuple):
    """A folder of the machine that took the backup, and the moment of which it is (UTC)."""

    folder: str
    taken_at: datetime


def note_backup(engine: Engine, backup: KeptBackup) -> None:
    """Note that a backup was taken, in the place of an earlier one in that folder; raises DatabaseError."""
    with writing(engine) as connection:
        upsert(connection, backups, [backup._asdict()], ("folder",), ("taken_at",))


def kept_backups(engine: Engine) -> list[KeptBackup]:
    """Return the backups that are known, the newest first."""
    query = select(backups.c.folder, backups.c.taken_at).order_by(backups.c.taken_at.desc(), backups.c.folder)
    with reading(engine) as connection:
        return [KeptBackup(*row) for row in connection.execute(query)]
