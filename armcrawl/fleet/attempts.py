"""The record of each process that a worker has started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from armcrawl import clock
from armcrawl.fleet.exits import Fate
from armcrawl.fleet.tables import attempts
from armcrawl.redaction import harmless, without_secrets
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.fleet.exits import Decision

LOST = "The worker, or its machine, was gone before the process ended."


def begin_attempt(engine: Engine, job: int, site: str, arguments: Sequence[str], worker: str, machine: str) -> int:
    """Record that a process is started; return the attempt's number."""
    row = {
        "job": job,
        "site": site,
        "arguments": list(arguments),
        "worker": worker,
        "machine": machine,
        "started_at": clock.now(),
    }
    with engine.begin() as connection:
        return int(connection.execute(insert(attempts).values(row).returning(attempts.c.id)).scalar_one())


def end_attempt(engine: Engine, attempt: int, code: int | None, decision: Decision, said: Sequence[str]) -> None:
    """Record how a process ended, and the last lines of what it said."""
    lines = [harmless(without_secrets(line)) for line in said]
    ended = {
        "ended_at": clock.now(),
        "exit_code": code,
        "fate": decision.fate.value,
        "sentence": lines[-1] if lines else None,
        "log": "\n".join(lines),
    }
    with engine.begin() as connection:
        connection.execute(update(attempts).where(attempts.c.id == attempt).values(ended))


def mark_lost(engine: Engine, job: int) -> bool:
    """Record that the process of a job is lost, as its worker is; return whether one was started at all."""
    is_open = (attempts.c.job == job) & attempts.c.ended_at.is_(None)
    lost = {"ended_at": clock.now(), "fate": "again", "sentence": LOST}
    with engine.begin() as connection:
        return connection.execute(update(attempts).where(is_open).values(lost)).rowcount > 0


def mark_given_up(engine: Engine, job: int) -> None:
    """Record that a job is given up after its last attempt."""
    last = select(func.max(attempts.c.id)).where(attempts.c.job == job).scalar_subquery()
    with engine.begin() as connection:
        connection.execute(update(attempts).where(attempts.c.id == last).values(fate=Fate.GIVEN_UP.value))


def codes_of(engine: Engine, job: int) -> list[int | None]:
    """Return the exit codes of a job's attempts that have ended, the last one last; None of one that was lost."""
    is_ended = (attempts.c.job == job) & attempts.c.ended_at.is_not(None)
    with reading(engine) as connection:
        return list(connection.execute(select(attempts.c.exit_code).where(is_ended).order_by(attempts.c.id)).scalars())


def forget_attempts(engine: Engine, before: datetime) -> None:
    """Delete attempts that ended long ago."""
    with engine.begin() as connection:
        connection.execute(delete(attempts).where(attempts.c.ended_at < before))
