"""Work in a process of its own: the crawl's event loop never waits for it, nor can it kill the crawl.

No library does it at the crawl's rate: pebble's threads fight with the event loop for the interpreter's lock, which
left 0.6 of the rate at best. `anyio.to_process` left 0.3: its callers share their processes, but the archive's keeps
its file open, and the database's its connection.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakSet

from armcrawl.processes.ahead import take
from armcrawl.processes.bounds import PATIENCE_SECONDS
from armcrawl.processes.child import LENGTH, READY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

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


@dataclass(slots=True, eq=False)
class Child:
    """A child process, and its streams as they are for an event loop."""

    process: Popen[bytes]
    jobs: asyncio.WriteTransport
    answers: asyncio.StreamReader
    errors: asyncio.StreamReader

    @classmethod
    async def of(cls, process: Popen[bytes]) -> Child:
        """Have the running loop attend to a process that was started before it, maybe."""
        loop = asyncio.get_running_loop()
        jobs, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
        answers, errors = asyncio.StreamReader(), asyncio.StreamReader()
        for reader, pipe in ((answers, process.stdout), (errors, process.stderr)):
            await loop.connect_read_pipe(partial(asyncio.StreamReaderProtocol, reader), pipe)
        return cls(process, jobs, answers, errors)

    async def wait(self) -> int:
        """Return the exit status of the process once it has ended."""
        return await asyncio.to_thread(self.process.wait)


class Worker:
    """Calls functions one after another in a child process, which is started anew if a job kills it.

    The child imports `modules` ahead of its first job, and may have been started before the worker (`start_ahead`).
    A job that gives no answer for `patience` seconds is taken for one that hangs, and killed; what takes long is
    asked for in pieces, so that each of them is an answer. The child dies with its parent, whatever it does.
    """

    def __init__(self, patience: float = PATIENCE_SECONDS, modules: Sequence[str] = ()) -> None:
        self.patience = patience
        self.modules = modules
        self.child: Child | None = None
        self.jobs: deque[Job] = deque()
        # Set while an answer is due.
        self.alarm: asyncio.TimerHandle | None = None
        self.is_silent = False
        self.listener: asyncio.Task[None] | None = None
        self.relay: asyncio.Task[None] | None = None
        self.lock = asyncio.Lock()
        _workers.add(self)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module-level function returns, or raise what it raises, in the child.

        Raises WorkerCrashError if the call kills the child, or hangs.
        """
        job = Job(pickle.dumps((function, args, kwargs)), asyncio.get_running_loop().create_future())
        async with self.lock:
            child = self.child or await self._start()
            self.jobs.append(job)
            child.jobs.write(job.message)
            if self.alarm is None:
                self._expect_answer(self.patience)
        # Who no longer waits for an answer does not stop the job.
        answer: T = await asyncio.shield(job.answer)
        return answer

    def kill(self) -> None:
        """Kill the child, whatever it does."""
        if self.child is not None:
            self.child.process.kill()

    async def close(self) -> None:
        """End the child; jobs that still wait are cancelled."""
        self._expect_answer(None)
        if self.listener is not None:
            self.listener.cancel()
        for job in self.jobs:
            job.answer.cancel()
        if self.jobs:
            # Nobody reads what it answers.
            self.kill()
        child, self.child = self.child, None
        if child is None:
            return
        child.jobs.close()
        try:
            await asyncio.wait_for(child.wait(), CLOSING_SECONDS)
        except TimeoutError:
            child.process.kill()
            await child.wait()

    def _expect_answer(self, seconds: float | None) -> None:
        """Have the child killed unless it answers in time; None: no answer is due."""
        if self.alarm is not None:
            self.alarm.cancel()
        self.is_silent = False
        self.alarm = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._lose_patience)

    def _lose_patience(self) -> None:
        self.is_silent = True
        self.kill()

    async def _start(self) -> Child:
        """Start a child; a job's time begins when it is ready, as its start takes long on a busy machine."""
        self._expect_answer(START_SECONDS)
        self.child = child = await Child.of(take(*self.modules))
        self.listener = asyncio.create_task(self._listen(child))
        self.relay = asyncio.create_task(_relay(child.errors))
        return child

    async def _listen(self, child: Child) -> None:
        """Hear a child's answers; when it dies, another one takes over, or all who wait hear why there is none."""
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._hear_answers(child.answers)
            status = await child.wait()
            async with self.lock:
                await self._replace(status)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            self.kill()
            self.child = None
            while self.jobs:
                crash = WorkerCrashError(f"its process cannot be started again: {error}")
                self.jobs.popleft().answer.set_exception(crash)

    async def _hear_answers(self, output: asyncio.StreamReader) -> None:
        await output.readexactly(len(READY))
        while True:
            # Only the first job is being done: those behind it have all their time.
            self._expect_answer(self.patience if self.jobs else None)
            (length,) = LENGTH.unpack(await output.readexactly(LENGTH.size))
            succeeded, value = pickle.loads(await output.readexactly(length))  # noqa: S301 - from our own child
            answer = self.jobs.popleft().answer
            if succeeded:
                answer.set_result(value)
            else:
                answer.set_exception(value)

    async def _replace(self, status: int) -> None:
        """Start a new child for the jobs of one that died with a status; the first of them is what killed it."""
        if self.jobs:
            self.jobs[0].attempts += 1
            if self.jobs[0].attempts == MAX_ATTEMPTS:
                self.jobs.popleft().answer.set_exception(WorkerCrashError(self._said(status)))
        self.child = None
        self._expect_answer(None)
        if self.jobs:
            child = await self._start()
            for job in self.jobs:
                child.jobs.write(job.message)

    def _said(self, status: int) -> str:
        if self.is_silent:
            return f"it gave no answer for {self.patience:g} s and was ended, twice"
        return f"its process died with exit status {status}, twice"


async def _relay(errors: asyncio.StreamReader) -> None:
    """Hand on what a child prints: it is a line of the log like any other."""
    while True:
        # A line longer than asyncio's buffer is left out.
        with suppress(ValueError):
            if not (line := await errors.readline()):
                return
            logger.warning("%s", line.decode(errors="replace").rstrip())


# Those of this process, for who must end at once.
_workers: WeakSet[Worker] = WeakSet()


def kill_all() -> None:
    """Kill the children of all workers."""
    for worker in list(_workers):
        worker.kill()
