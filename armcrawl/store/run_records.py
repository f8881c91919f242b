"""The records of runs, as people and programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl.checks import Breach
from armcrawl.errors import UsageError
from armcrawl.store import schema
from armcrawl.store.database import reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

runs, versions, withheld = schema.runs, schema.article_versions, schema.withheld


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; `outcome` is None while it goes on, `withheld` counts versions that it wrote and nothing shows."""

    id: int
    site: str
    kind: str
    arguments: dict[str, Any]
    version: str
    host: str | None
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    exit_code: int | None
    sentence: str | None
    verdict: str | None
    requests: int | None
    counts: dict[str, int]
    breaches: tuple[Breach, ...]
    stats: dict[str, Any]
    withheld: int


def newest_runs(engine: Engine, most: int) -> list[RunRecord]:
    """Return the newest runs, the newest first."""
    with reading(engine) as connection:
        return _records(connection, select(runs).order_by(runs.c.id.desc()).limit(most))


def run_record(engine: Engine, run_id: int) -> RunRecord:
    """Return the record of one run; raises UsageError for one that there is not."""
    with reading(engine) as connection:
        found = _records(connection, select(runs).where(runs.c.id == run_id))
    if not found:
        message = f"There is no run {run_id}: `armcrawl runs` lists them."
        raise UsageError(message)
    return found[0]


def _records(connection: Connection, query: Any) -> list[RunRecord]:
    rows = connection.execute(query).all()
    kept = (
        select(versions.c.run_id, func.count())
        .join(withheld, withheld.c.version_id == versions.c.id)
        .where(versions.c.run_id.in_([row.id for row in rows]))
        .group_by(versions.c.run_id)
    )
    aside: dict[int, int] = dict(connection.execute(kept).tuples().all())
    return [
        RunRecord(
            **{name: getattr(row, name) for name in _PLAIN},
            arguments=row.arguments or {},
            counts=row.counts or {},
            breaches=tuple(map(Breach.from_json, row.breaches or ())),
            stats=row.stats or {},
            withheld=aside.get(row.id, 0),
        )
        for row in rows
    ]


_PLAIN = (
    *("id", "site", "kind", "version", "host", "started_at", "finished_at"),
    *("outcome", "exit_code", "sentence", "verdict", "requests"),
)
