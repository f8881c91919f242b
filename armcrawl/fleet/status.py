"""What a fleet is at, for people and programs: it only reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from armcrawl import clock
from armcrawl.discovery.kinds import completeness
from armcrawl.fleet.engine import RUN_TASK
from armcrawl.fleet.enqueuing import other_run
from armcrawl.fleet.presence import everybody
from armcrawl.fleet.tables import attempts, sites
from armcrawl.sites import faulty_sites, known_sites
from armcrawl.sites.known import sites_set_up
from armcrawl.store.base.database import reading
from armcrawl.store.ledger.ledger import sites_with_pages
from armcrawl.store.queries.runs import last_run

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.fleet.presence import Presence

# A screen of them; `--json` has as many.
MAX_ATTEMPTS = 20
QUEUE = """
SELECT j.id AS job, j.status::text AS status, j.lock AS server, j.priority, j.scheduled_at, j.args,
  w.name AS worker, w.machine, j.abort_requested
FROM procrastinate_jobs j LEFT JOIN fleet_workers w ON w.worker = j.worker_id AND j.status = 'doing'
WHERE j.task_name = :task AND j.status IN ('todo', 'doing') ORDER BY j.status DESC, j.priority DESC, j.id
"""
LAST_ENDED = (
    select(attempts.c.site, attempts.c.exit_code, attempts.c.fate)
    .where(attempts.c.ended_at.is_not(None))
    .distinct(attempts.c.site)
    .order_by(attempts.c.site, attempts.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """A site: its last run and the next one, in UTC, the verdict, and which share of what is known is stored.

    `exit_code` is that of its last process that ended, also of one that made no run; `fate` is what became of its job.
    """

    site: str
    last_run_at: datetime | None
    outcome: str | None
    exit_code: int | None
    fate: str | None
    verdict: str | None
    sentence: str | None
    next_run_at: datetime | None
    complete: float | None
    held_at: datetime | None
    held_why: str | None


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """All of it, at one time."""

    sites: list[SiteStatus]
    queue: list[dict[str, Any]]
    workers: list[Presence]
    attempts: list[dict[str, Any]]
    faults: dict[str, str]

    @property
    def gone(self) -> list[str]:
        """Machines of which no worker is heard any more."""
        alive = {worker.machine for worker in self.workers if not worker.is_gone}
        return sorted({worker.machine for worker in self.workers} - alive)

    @property
    def is_cared_for(self) -> bool:
        """Whether anybody brings in nights and rescues jobs."""
        return any(one.does != "crawls" and not one.is_gone for one in self.workers)

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {**asdict(self), "gone": self.gone}


def status_of(engine: Engine, silence: float, site: str | None = None) -> FleetStatus:
    """Return what a fleet is at, or what concerns one site of it."""
    found = select(attempts).order_by(attempts.c.id.desc()).limit(MAX_ATTEMPTS)
    if site is not None:
        found = found.where(attempts.c.site == site)
    with reading(engine) as connection:
        queue = [dict(row) | row["args"] for row in connection.execute(text(QUEUE), {"task": RUN_TASK}).mappings()]
        rows = [dict(row) for row in connection.execute(found).mappings()]
    for row in queue:
        waits = row["status"] == "todo"
        row["waits_for"] = other_run(engine, row["site"], row["arguments"][0]) if waits else None
    return FleetStatus(
        [one for one in _sites(engine) if site in {None, one.site}],
        [row for row in queue if site in {None, row["site"]}],
        everybody(engine, silence),
        rows,
        dict(faulty_sites()),
    )


def _sites(engine: Engine) -> list[SiteStatus]:
    held_pages = sites_with_pages(engine)
    with reading(engine) as connection:
        known = {row.site: row for row in connection.execute(select(sites))}
        ended = {row.site: row for row in connection.execute(LAST_ENDED)}
    names = sorted({*sites_set_up(held_pages), *known})
    shares: dict[str, list[float]] = {}
    for section in completeness(engine):
        shares.setdefault(section.site, []).append(section.complete)
    return [_site(engine, name, known.get(name), ended.get(name), shares.get(name)) for name in names]


def _site(engine: Engine, name: str, row: Any, ended: Any, shares: list[float] | None) -> SiteStatus:
    run, declared = last_run(engine, name, 0), known_sites().get(name)
    due = declared.schedule.next_due(name, declared.zone, clock.now()) if declared else None
    return SiteStatus(
        site=name,
        last_run_at=run.started_at if run else None,
        outcome=run.outcome if run else None,
        # A run that goes on has none yet, and what could not begin has no run.
        exit_code=ended.exit_code if ended is not None else run.exit_code if run else None,
        fate=ended.fate if ended is not None else None,
        verdict=run.verdict if run else None,
        sentence=run.sentence if run else None,
        next_run_at=None if row is not None and row.held_at else due,
        # The section that lacks most is what somebody must look at.
        complete=min(shares) if shares else None,
        held_at=row.held_at if row is not None else None,
        held_why=row.held_why if row is not None else None,
    )
