"""Who works for the fleet, and who has vanished."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from armcrawl import __version__, clock
from armcrawl.fleet.tables import workers
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


# Procrastinate has not struck it off its list.
IS_COUNTED_ON = workers.c.worker.in_(select(text("id FROM procrastinate_workers")))


@dataclass(frozen=True, slots=True)
class Presence:
    """A worker; `last_heartbeat` is None for one whose jobs were given to others."""

    worker: int
    name: str
    machine: str
    pid: int
    does: str
    version: str
    started_at: datetime
    last_heartbeat: datetime | None
    is_gone: bool

    def stands_in_for(self, other: Presence) -> bool:
        """Tell whether this one was started in another's place."""
        is_same = (self.machine, self.name, self.does) == (other.machine, other.name, other.does)
        return is_same and self.started_at > other.started_at


def enlist(engine: Engine, worker: int, name: str, does: str) -> None:
    """Record that a worker is there, in place of one of its name on this machine that was struck off the list."""
    machine = socket.gethostname()
    row = {
        "worker": worker,
        "name": name,
        "machine": machine,
        "pid": os.getpid(),
        "does": does,
        "version": __version__,
        "started_at": clock.now(),
    }
    with engine.begin() as connection:
        is_same = (workers.c.machine == machine) & (workers.c.name == name) & (workers.c.does == does)
        # Nobody must give each worker of a machine a name: one that lives stays.
        connection.execute(delete(workers).where(is_same, ~IS_COUNTED_ON))
        connection.execute(insert(workers).values(row).on_conflict_do_nothing())


def discharge(engine: Engine, worker: int) -> None:
    """Forget a worker that ends in peace."""
    with engine.begin() as connection:
        connection.execute(delete(workers).where(workers.c.worker == worker))


def is_registered(engine: Engine, worker: int) -> bool:
    """Tell whether Procrastinate still counts on a worker."""
    with reading(engine) as connection:
        found = connection.execute(text("SELECT 1 FROM procrastinate_workers WHERE id = :id"), {"id": worker})
        return found.first() is not None


def owner_of(engine: Engine, job: int) -> int | None:
    """Return the worker that carries out a job; None if nobody does."""
    query = text("SELECT worker_id FROM procrastinate_jobs WHERE id = :id AND status = 'doing'")
    with reading(engine) as connection:
        found: int | None = connection.execute(query, {"id": job}).scalar()
        return found


def everybody(engine: Engine, silence: float) -> list[Presence]:
    """Return all workers, also those that vanished: who said nothing for so many seconds."""
    beats = text(
        "SELECT id, last_heartbeat, last_heartbeat < now() - make_interval(secs => :s) FROM procrastinate_workers"
    )
    with reading(engine) as connection:
        heard = {row[0]: (row[1], row[2]) for row in connection.execute(beats, {"s": silence})}
        rows = connection.execute(select(workers).order_by(workers.c.machine, workers.c.name)).mappings().all()
    found = [
        Presence(**row, last_heartbeat=heartbeat, is_gone=is_gone)
        for row in rows
        for heartbeat, is_gone in [heard.get(row["worker"], (None, True))]
    ]
    alive = [one for one in found if not one.is_gone]
    return [one for one in found if not (one.is_gone and any(other.stands_in_for(one) for other in alive))]


def forget_gone(engine: Engine, before: datetime) -> None:
    """Forget workers that were started long ago and vanished."""
    with engine.begin() as connection:
        connection.execute(delete(workers).where(workers.c.started_at < before, ~IS_COUNTED_ON))
