"""The record of a run."""

from __future__ import annotations

from datetime import timedelta
from socket import gethostname
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from armcrawl import __version__, clock
from armcrawl.errors import ClockError
from armcrawl.redaction import all_without_secrets, without_secrets
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import JOBS, RunEnd
from armcrawl.store.base.schema import runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Engine

# The site of a run that works on the whole database.
ALL_SITES = "all"
# The clocks of two machines that use one database may differ; what counts for us is the day.
MAX_SET_BACK = timedelta(days=1)


def begin_run(engine: Engine, site: str, kind: str, arguments: Mapping[str, Any]) -> int:
    """Record that a run begins; return its id."""
    row = {
        "site": site,
        "kind": kind,
        "arguments": all_without_secrets(arguments),
        "version": __version__,
        "host": gethostname(),
        "started_at": clock.now(),
    }
    statement = insert(runs).values(row).returning(runs.c.id)
    with engine.begin() as connection:
        return int(connection.execute(statement).scalar_one())


def mark_dead(engine: Engine, site: str) -> int:
    """Record that the runs of a site that have not ended never will; return how many there were.

    Only who holds the lock of the site can know that.
    """
    return _mark_dead(engine, (runs.c.site == site) & runs.c.kind.not_in(JOBS))


def mark_dead_jobs(engine: Engine) -> int:
    """Do so for runs that read stored pages again; only who holds the lock of such jobs can know that."""
    return _mark_dead(engine, runs.c.kind.in_(JOBS))


def _mark_dead(engine: Engine, which: ColumnElement[bool]) -> int:
    with engine.begin() as connection:
        return connection.execute(
            update(runs).where(runs.c.outcome.is_(None), which).values(outcome=RunEnd.DIED)
        ).rowcount


def check_clock(engine: Engine) -> None:
    """Raise ClockError if the clock was set back: dates and the order of versions would become wrong."""
    with reading(engine) as connection:
        last = connection.execute(select(func.max(runs.c.started_at))).scalar()
    now = clock.now()
    if last is not None and last > now + MAX_SET_BACK:
        raise ClockError(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, but this database holds a run of {last:%Y-%m-%d %H:%M}: "
            "set the clock. If it was wrong then and is right now, `armcrawl runs repair-clock` mends what it left "
            "(--trust-clock goes on this once, and mends nothing)."
        )


def end_run(
    engine: Engine,
    run_id: int,
    outcome: str,
    requests: int,
    counts: Mapping[str, int],
    stats: Mapping[str, Any],
    exit_code: int = 0,
    sentence: str | None = None,
) -> None:
    """Record how a run ended."""
    values = {
        "finished_at": clock.now(),
        "outcome": outcome,
        "exit_code": exit_code,
        "sentence": None if sentence is None else without_secrets(sentence),
        "requests": requests,
        "counts": dict(counts),
        "stats": all_without_secrets(stats),
    }
    with engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(values))
