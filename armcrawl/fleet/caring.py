"""The care for a fleet, by a worker and a queue of its own: jobs of dead workers go to others, nights are brought in.

A worker of one slot that crawls for hours would never come to it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from armcrawl import clock
from armcrawl.errors import ArmcrawlError
from armcrawl.fleet.alarming import tell
from armcrawl.fleet.attempts import LOST, codes_of, forget_attempts, mark_given_up, mark_lost
from armcrawl.fleet.engine import CARE, CARE_TASK, CRAWLS, NIGHTLY, moment_of
from armcrawl.fleet.enqueuing import Order, enqueue
from armcrawl.fleet.exits import Fate, rescue
from armcrawl.fleet.holding import care_until, scheduled_sites
from armcrawl.fleet.presence import forget_gone
from armcrawl.fleet.working import later
from armcrawl.reporting.report import report_without_record
from armcrawl.sites import faulty_sites, site_named
from armcrawl.sites.known import forget_sites, sites_set_up
from armcrawl.store.ledger.ledger import sites_with_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from procrastinate import App
    from procrastinate.jobs import Job
    from sqlalchemy import Engine

    from armcrawl.fleet.engine import Pace
    from armcrawl.fleet.holding import Scheduled

logger = logging.getLogger(__name__)

# An arbitrary number: of several schedulers one cares at a time.
CARE_LOCK = 4_711_033_261
# Whoever adds a site waits no longer than it takes to look for its effect.
REREAD_SECONDS = 300.0
# What is older says nothing of today's fleet; the runs themselves stay. Jobs that are over are looked through whenever
# one is brought in.
KEPT = timedelta(days=90)
JOBS_KEPT = timedelta(days=14)
GONE = timedelta(days=7)
TIDY_SECONDS = 3_600.0


class Care:
    """What a scheduler does, again and again."""

    def __init__(self, app: App, engine: Engine, pace: Pace) -> None:
        self.app = app
        self.engine = engine
        self.pace = pace
        self.read_at: float | None = None
        self.names: list[str] = []
        self.tidied_at: float | None = None
        self.told = set[str]()

    def register(self) -> None:
        """Have Procrastinate do it as often as it is due."""
        task = self.app.task(name=CARE_TASK, queue=CARE)(self.care)
        self.app.periodic(cron=self.pace.care_cron)(task)

    async def care(self, timestamp: int) -> None:
        """Care once; where another scheduler is at it, leave it to that one."""
        del timestamp
        async with self.is_alone() as is_alone:
            if is_alone:
                await self.rescue()
                await self.bring_in()
                await self.tidy()

    @asynccontextmanager
    async def is_alone(self) -> AsyncIterator[bool]:
        """Hold the lock of all schedulers; yields False where another holds it. Raises TypeError without PostgreSQL."""
        connector = self.app.connector
        if not isinstance(connector, PsycopgConnector):
            raise TypeError("a fleet speaks to PostgreSQL by psycopg")
        async with connector.pool.connection() as connection, connection.transaction():
            found = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [CARE_LOCK])
            row = await found.fetchone()
            yield bool(row and row[0])

    async def rescue(self) -> None:
        """Give the jobs of dead workers to others."""
        manager = self.app.job_manager
        # Without its registration a worker that was only suspended knows, when it wakes, that it is taken for dead.
        await manager.prune_stalled_workers(self.pace.silence)
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.pace.silence):
            try:
                await self._rescue(job)
            except ConnectorException as error:
                # It has ended meanwhile.
                logger.info("Job %s needs no rescue: %s", job.id, error)

    async def _rescue(self, job: Job) -> None:
        manager, number = self.app.job_manager, job.id or 0
        if job.queue != CRAWLS:
            await manager.finish_job_by_id_async(number, Status.FAILED, delete_job=True)
            return
        was_started = await asyncio.to_thread(mark_lost, self.engine, number)
        codes = await asyncio.to_thread(codes_of, self.engine, number)
        decision = rescue(codes, was_started=was_started, scale=self.pace.scale)
        told: dict[str, Any] = dict(job.task_kwargs)
        site, command = told["site"], told["arguments"][0]
        if decision.fate is not Fate.AGAIN:
            await manager.finish_job_by_id_async(number, Status.FAILED, delete_job=False)
            await asyncio.to_thread(mark_given_up, self.engine, number)
            # A lost worker has no exit code: what it was at has failed.
            await asyncio.to_thread(tell, report_without_record(site, command, 1, LOST), decision)
            return
        logger.warning("%s: job %d is given to another worker, as its own is gone.", site, number)
        again = later(decision, await asyncio.to_thread(moment_of, self.engine))
        await manager.retry_job(job, retry_at=again.retry_at, priority=again.priority)

    async def bring_in(self) -> None:
        """Bring in the nights that are due."""
        if self.read_at is None or time.monotonic() > self.read_at + REREAD_SECONDS * self.pace.scale:
            forget_sites()
            self.read_at = time.monotonic()
            self.names = sites_set_up(await asyncio.to_thread(sites_with_pages, self.engine))
            self._tell_once(list(faulty_sites().values()))
        scheduled = await asyncio.to_thread(scheduled_sites, self.engine)
        moment = await asyncio.to_thread(moment_of, self.engine)
        for name in self.names:
            try:
                await self.bring_in_site(name, scheduled.get(name), moment)
            except ArmcrawlError as error:
                self._tell_once([f"{name}: {error}"])

    async def bring_in_site(self, name: str, known: Scheduled | None, moment: datetime) -> None:
        """Bring in a site's night, if it is due at a moment; `known` is what is known of its nights before."""
        site = site_named(name)
        due = site.schedule.last_due(name, site.zone, moment)
        if due is None:
            return
        if known is None or known.last_due_at is None:
            # A new site begins with its next night; who cannot wait says `fleet run`.
            await asyncio.to_thread(care_until, self.engine, name, due)
        elif known.is_due(due):
            order = Order.of(name, ["crawl", *site.schedule.arguments()])
            job = await enqueue(self.app, order, NIGHTLY)
            logger.info("%s: %s", name, f"job {job} is its night" if job else "its last crawl is not done yet")
            # Only now: whoever dies in between brings it in once more, which finds the first one.
            await asyncio.to_thread(care_until, self.engine, name, due)

    def _tell_once(self, faults: list[str]) -> None:
        for fault in faults:
            if fault not in self.told:
                self.told.add(fault)
                logger.error("%s", fault)

    async def tidy(self) -> None:
        """Forget now and then what nobody asks for any more."""
        if self.tidied_at is not None and time.monotonic() < self.tidied_at + TIDY_SECONDS:
            return
        self.tidied_at = time.monotonic()
        await self.app.job_manager.delete_old_jobs(
            int(JOBS_KEPT.total_seconds() // 3600),
            queue=CRAWLS,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )
        await asyncio.to_thread(forget_attempts, self.engine, clock.now() - KEPT)
        await asyncio.to_thread(forget_gone, self.engine, clock.now() - GONE)
