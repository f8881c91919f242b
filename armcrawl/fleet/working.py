"""A worker: it carries out one job after another, each as a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason

from armcrawl import clock
from armcrawl.errors import ArmcrawlError, DatabaseError, LockedError
from armcrawl.fleet.alarming import tell
from armcrawl.fleet.attempts import begin_attempt, codes_of, end_attempt
from armcrawl.fleet.child import Child
from armcrawl.fleet.engine import CRAWLS, RUN_TASK, WAITS, Pace, moment_of
from armcrawl.fleet.enqueuing import other_run
from armcrawl.fleet.exits import Decision, Fate, SliceEnd, decide
from armcrawl.fleet.holding import held, hold
from armcrawl.fleet.presence import owner_of
from armcrawl.fleet.setting_up import check_set_up
from armcrawl.reporting.alarms import FLEET_TELLS
from armcrawl.reporting.report import report_of, report_without_record
from armcrawl.sites import known_sites
from armcrawl.sites.known import forget_sites
from armcrawl.store.queries.runs import last_run

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.reporting.report import RunReport

logger = logging.getLogger(__name__)

# A held site, and an archive that is away, are looked at again after so many seconds.
LOOK_SECONDS = 30.0
# Long ago by the clock of any machine: a job that waits for nothing.
AT_ONCE = datetime.fromtimestamp(0, UTC)


class UndoneError(Exception):
    """A job is not done: its decision, made at a moment by the database's clock, says what becomes of it."""

    def __init__(self, decision: Decision, moment: datetime) -> None:
        super().__init__(decision.fate.value)
        self.decision = decision
        self.moment = moment


class AsDecided(BaseRetryStrategy):
    """Procrastinate does what we decided; where we could not, the job is done again later."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when a job is done again; None for never."""
        del job
        if isinstance(exception, UndoneError):
            if exception.decision.fate is not Fate.AGAIN:
                return None
            return later(exception.decision, exception.moment)
        if isinstance(exception, asyncio.CancelledError):
            return later(Decision(Fate.AGAIN), AT_ONCE)
        return later(Decision(Fate.AGAIN, LOOK_SECONDS * self.pace.scale), clock.now())


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether Procrastinate says what we have not said ourselves: how a job ended is our own matter."""
    return not (record.exc_info and isinstance(record.exc_info[1], UndoneError))


def later(decision: Decision, moment: datetime) -> RetryDecision:
    """Return Procrastinate's decision for a job that is done again; one that waits, or goes back, lets others first."""
    if not decision.seconds:
        return RetryDecision(retry_at=AT_ONCE, priority=WAITS if decision.goes_back else None)
    return RetryDecision(retry_at=moment + timedelta(seconds=decision.seconds), priority=WAITS)


@dataclass
class Crawler:
    """What carries out jobs on this machine."""

    engine: Engine
    database: str
    storage: Storage
    pace: Pace
    name: str
    machine: str = field(default_factory=socket.gethostname)

    @property
    def environment(self) -> dict[str, str]:
        """What each job's process is told beside this one's; what it says is for people, as its last lines are kept."""
        return {
            "ARMCRAWL_DATABASE_URL": self.database,
            "ARMCRAWL_ARCHIVE": str(self.storage),
            "ARMCRAWL_LOG_FORMAT": "text",
            FLEET_TELLS: "1",
        }

    def register(self, app: App) -> None:
        """Have Procrastinate bring jobs here."""
        app.task(name=RUN_TASK, queue=CRAWLS, pass_context=True, retry=AsDecided(self.pace))(self.run_job)

    async def run_job(self, context: JobContext, *, site: str, arguments: list[str]) -> None:
        """Carry out a job; raises UndoneError if it is to be done again, or could not be done."""
        job = context.job.id or 0
        if await asyncio.to_thread(held, self.engine, site) is not None:
            raise await self._undone(Decision(Fate.AGAIN, LOOK_SECONDS * self.pace.scale))
        if (fault := await asyncio.to_thread(self.fault)) is not None:
            # It would fail here as every other job would, or write where no other machine reads.
            logger.error("%s: job %d waits: %s", site, job, fault)
            raise await self._undone(Decision(Fate.AGAIN, LOOK_SECONDS * self.pace.scale))
        if (holder := await asyncio.to_thread(other_run, self.engine, site, arguments[0])) is not None:
            # Its process would end with exit code 4: it need not be started each time.
            logger.info("%s: job %d waits for another run (%s).", site, job, holder)
            raise await self._undone(decide([LockedError.exit_code], scale=self.pace.scale))
        before = await asyncio.to_thread(last_run, self.engine, site, 0)
        last = before.id or 0 if before else 0
        attempt = await asyncio.to_thread(begin_attempt, self.engine, job, site, arguments, self.name, self.machine)
        is_slice = arguments[0] == "backfill" and not {"--max-time", "--max-requests", "--plan"} & set(arguments)
        words = [*arguments, "--max-time", str(max(1, int(self.pace.slice)))] if is_slice else arguments
        child = await Child.start(words, self.environment)
        logger.info("%s: job %d begins as process %d.", site, job, child.process.pid)
        is_cancelled = False
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            # Told to end: by `fleet cancel`, or with this worker.
            is_cancelled = context.abort_reason() is AbortReason.USER_REQUEST
            code = await child.end(self.pace.grace)
        said = child.last_lines()
        if await asyncio.to_thread(owner_of, self.engine, job) != context.job.worker_id:
            leave(f"Job {job} was given to another worker, as this one was silent")
        slice_end = await asyncio.to_thread(self._end_of_slice, site, last) if is_slice and code == 0 else None
        codes = [*await asyncio.to_thread(codes_of, self.engine, job), code]
        decision = (
            Decision(Fate.CANCELLED) if is_cancelled else decide(codes, slice_end=slice_end, scale=self.pace.scale)
        )
        await asyncio.to_thread(end_attempt, self.engine, attempt, code, decision, said)
        sentence = said[-1] if said else f"It ended with exit code {code}."
        logger.info("%s: job %d ended with exit code %d, %s: %s", site, job, code, decision.fate.value, sentence)
        if decision.fate is Fate.HELD:
            await asyncio.to_thread(hold, self.engine, site, f"exit code {code}: {sentence}")
        if decision.is_alarm:
            report = await asyncio.to_thread(self._report, site, last, arguments[0], code, sentence)
            await asyncio.to_thread(tell, report, decision)
        if is_cancelled:
            raise JobAborted(f"job {job} was cancelled")
        if decision.fate is not Fate.DONE:
            raise await self._undone(decision)

    async def _undone(self, decision: Decision) -> UndoneError:
        return UndoneError(decision, await asyncio.to_thread(moment_of, self.engine))

    def fault(self) -> str | None:
        """Return why this machine can carry out no job just now, by its own files or the archive; None if it can."""
        try:
            # As a job's process reads them: what has changed since this worker was started counts.
            forget_sites()
            known_sites()
            check_set_up(self.engine, self.storage)
        except DatabaseError:
            raise
        except (ArmcrawlError, OSError) as error:
            return str(error)
        return None

    def _report(self, site: str, before: int, kind: str, code: int, sentence: str) -> RunReport:
        """Return the report of a job's run; what never began, or died, has none in the database."""
        try:
            run = last_run(self.engine, site, before)
            if run is not None and run.id is not None and run.exit_code == code and run.sentence:
                return report_of(self.engine, run.id, self.storage)
        except ArmcrawlError as error:
            logger.warning("%s", error)
        return report_without_record(site, kind, code, sentence)

    def _end_of_slice(self, site: str, before: int) -> SliceEnd | None:
        """Return how a slice of a backfill has ended that its time ended; None if nothing is left to do."""
        run = last_run(self.engine, site, before)
        if run is None or run.outcome != "budget":
            return None
        return SliceEnd.GOES_ON if run.counts else SliceEnd.GOT_NOWHERE


def leave(why: str) -> None:
    """End this process at once, and its children with it: systemd starts another one."""
    logger.error("%s: it ends, and is to be started again.", why)
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(1)
