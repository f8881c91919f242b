"""Work in a process of its own: the crawl's event loop never waits for it, nor can it kill the crawl.

No thread stands between the two: threads would fight with the event loop for the interpreter's
lock, which took three quarters of the crawl's speed when it was tried.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import sys
from asyncio.subprocess import PIPE
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakSet

from armcrawl import child
from armcrawl.child import LENGTH, READY

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# Twice what a writer waits for a locked database; a page is read in milliseconds.
PATIENCE_SECONDS = 60.0
# A child without a job ends at once.
CLOSING_SECONDS = 3.0
# Importing takes a second, on a busy machine many.
START_SECONDS = 60.0
# The first time may be the fault of what came before; the second is the job's own.
MAX_ATTEMPTS = 2


class WorkerCrashError(Exception):
    """A job killed the process that did it, or gave no answer, twice; the message says which."""


@dataclass(slots=True, eq=False)
class Job:
    """A call that waits for its answer; `attempts` counts the processes that it killed."""

    message: bytes
    answer: asyncio.Future[Any]
    attempts: int = 0


class Worker:
    """Calls functions one after another in a child process, which is started anew if a job kills it.

    A job that gives no answer for `patience` seconds is taken for one that hangs, and killed; what takes long is
    asked for in pieces, so that each of them is an answer. The child dies with its parent, whatever it does.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self.patience = patience
        self.process: Process | None = None
        self.jobs: deque[Job] = deque()
        self.alarm: asyncio.TimerHandle | None = None
        self.is_ready = False
        self.is_silent = False
        self.listener: asyncio.Task[None] | None = None
        self.relay: asyncio.Task[None] | None = None
        self.lock = asyncio.Lock()
        _workers.add(self)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module-level function returns, or raise what it raises, in the child.

        Raises WorkerCrashError if the call kills the child, or hangs.
        """
        message = pickle.dumps((function, args, kwargs))
        job = Job(LENGTH.pack(len(message)) + message, asyncio.get_running_loop().create_future())
        async with self.lock:
            if self.process is None:
                await self._start()
            self.jobs.append(job)
            self._send(job)
            if len(self.jobs) == 1 and self.is_ready:
                self._set_alarm()
        answer: T = await asyncio.shield(job.answer)
        return answer

    def _set_alarm(self) -> None:
        """Give the job that is being done its time; those behind it only wait."""
        if self.alarm is not None:
            self.alarm.cancel()
        self.is_silent = False
        self.alarm = asyncio.get_running_loop().call_later(self.patience, self._lose_patience) if self.jobs else None

    def _lose_patience(self) -> None:
        self.is_silent = True
        self.kill()

    def kill(self) -> None:
        """Kill the child, whatever it does."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def _start(self) -> None:
        """Start a child; a job's time begins when it is ready, as its start takes long on a busy machine."""
        self.is_ready = False
        if self.alarm is not None:
            self.alarm.cancel()
        self.alarm = asyncio.get_running_loop().call_later(START_SECONDS, self._lose_patience)
        # A session of its own: Ctrl-C is the parent's to handle.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", child.__name__, str(os.getpid())),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        self.listener = asyncio.create_task(self._listen(self.process))
        self.relay = asyncio.create_task(_relay(self.process))

    def _send(self, job: Job) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.write(job.message)

    async def _listen(self, process: Process) -> None:
        """Hear a child's answers; when it dies, another one takes over, or all who wait hear why there is none."""
        try:
            try:
                await self._hear_answers(process)
            except (asyncio.IncompleteReadError, ConnectionError):
                await self._replace(process)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            self.kill()
            self.process = None
            for job in self.jobs:
                if not job.answer.done():
                    job.answer.set_exception(WorkerCrashError(f"its process cannot be started again: {error}"))
            self.jobs.clear()

    async def _hear_answers(self, process: Process) -> None:
        output = process.stdout
        if output is None:
            return
        await output.readexactly(len(READY))
        self.is_ready = True
        self._set_alarm()
        while True:
            (length,) = LENGTH.unpack(await output.readexactly(LENGTH.size))
            succeeded, value = pickle.loads(await output.readexactly(length))  # noqa: S301 - from our own child
            job = self.jobs.popleft()
            self._set_alarm()
            if job.answer.done():
                continue
            if succeeded:
                job.answer.set_result(value)
            else:
                job.answer.set_exception(value)

    async def _replace(self, process: Process) -> None:
        """Start a new child for the jobs of a dead one; the first of them is what killed it."""
        await process.wait()
        async with self.lock:
            self.process = None
            if self.jobs:
                self.jobs[0].attempts += 1
            if self.jobs and self.jobs[0].attempts >= MAX_ATTEMPTS:
                self.jobs.popleft().answer.set_exception(WorkerCrashError(self._said(process)))
            if self.jobs:
                await self._start()
                for job in self.jobs:
                    self._send(job)

    def _said(self, process: Process) -> str:
        if self.is_silent:
            return f"it gave no answer for {self.patience:g} s and was ended, twice"
        return f"its process died with exit status {process.returncode}, twice"

    async def close(self) -> None:
        """End the child; jobs that still wait are cancelled."""
        if self.listener is not None:
            self.listener.cancel()
        if self.alarm is not None:
            self.alarm.cancel()
        for job in self.jobs:
            job.answer.cancel()
        process, self.process = self.process, None
        if process is None or process.stdin is None:
            return
        if self.jobs:
            # Nobody waits for what it does, nor reads what it answers.
            process.kill()
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), CLOSING_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _relay(process: Process) -> None:
    """Hand on what a child prints: it is a line of the log like any other."""
    if process.stderr is None:
        return
    while True:
        try:
            line = await process.stderr.readline()
        except ValueError:  # a line longer than asyncio's buffer, which is emptied
            continue
        if not line:
            return
        logger.warning("%s", line.decode(errors="replace").rstrip())


# Those of this process, for who must end at once.
_workers: WeakSet[Worker] = WeakSet()


def kill_all() -> None:
    """Kill the children of all workers."""
    for worker in list(_workers):
        worker.kill()
