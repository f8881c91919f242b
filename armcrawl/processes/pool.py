"""Work that is spread over processes, and comes back in its order; a killed process costs at most what killed it.

pebble's pool would name the call that killed a process. But one that is killed while it hands back its answer, where
it takes most memory, holds a lock that all others wait for, until they end one after another.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from armcrawl.processes.bounds import PATIENCE_SECONDS, bound_memory
from armcrawl.processes.collecting import collect_seldom
from armcrawl.processes.parent import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

T = TypeVar("T")
Arguments = tuple[Any, ...]

# So many are handed out ahead for each process: none waits, and what is read never piles up.
AHEAD = 3


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """What is done: a function of a module, for some pages at a time.

    `apart` parts a call into calls of one page each. `without` returns what stands for the answer to such a call that
    killed its process again and again, or gave no answer for `patience` seconds: it is handed the error, and the
    arguments.
    """

    function: Callable[..., T]
    apart: Callable[..., Iterable[Arguments]]
    without: Callable[..., T]
    patience: float = PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Pool:
    """Where calls are made: how many at a time, and how the executor is opened that makes them.

    `losses` are the errors that it gives for a call whose process was lost.
    """

    workers: int
    open: Callable[[], AbstractContextManager[Executor]]
    losses: tuple[type[BaseException], ...] = (BrokenExecutor, MemoryError)


def local_pool(workers: int | None = None) -> Pool:
    """Return the pool of this machine: so many processes, one for each core by default."""
    workers = workers or len(os.sched_getaffinity(0))
    return Pool(workers, partial(_processes, workers))


def spread(task: Task[T], calls: Iterable[Arguments], pool: Pool | None = None) -> Iterator[T]:
    """Yield what a task's function returns for each list of arguments, in their order.

    A call whose process is killed is made again, in a process of its own; if that is killed too, it is made page by
    page, and each page that kills its process once more is answered without it: then of one call come several answers.
    """
    return _Spread(task, iter(calls), pool or local_pool()).answers()


@dataclass(slots=True)
class _Spread(Generic[T]):
    task: Task[T]
    calls: Iterator[Arguments]
    pool: Pool
    waiting: deque[tuple[Arguments, Future[T]]] = field(default_factory=deque)
    executor: Executor | None = None
    opened: ExitStack = field(default_factory=ExitStack)

    def answers(self) -> Iterator[T]:
        with self.opened:
            while self._hand_out():
                arguments, future = self.waiting.popleft()
                try:
                    answers = [future.result()]
                except self.pool.losses as error:
                    if isinstance(error, BrokenExecutor):
                        # It answers nothing any more; all that wait are tried before there is another one, so that
                        # what wants much memory has it.
                        self.executor = None
                        self.opened.close()
                    answers = list(_again(self.task, arguments))
                yield from answers

    def _hand_out(self) -> bool:
        """Hand out calls ahead, unless what waits is to be tried alone; tells whether any answer is to come."""
        if self.executor is None and self.waiting:
            return True
        for arguments in islice(self.calls, self.pool.workers * AHEAD - len(self.waiting)):
            if self.executor is None:
                self.executor = self.opened.enter_context(self.pool.open())
            try:
                future = self.executor.submit(self.task.function, *arguments)
            except BrokenExecutor as error:
                # A process died between two calls.
                future = Future()
                future.set_exception(error)
            self.waiting.append((arguments, future))
        return bool(self.waiting)


def _again(task: Task[T], arguments: Arguments) -> Iterator[T]:
    """Yield the answer to a call whose process was lost, or the answers to its parts."""
    try:
        with _processes(1) as executor:
            yield executor.submit(task.function, *arguments).result()
    except (BrokenExecutor, MemoryError):
        yield from _page_by_page(task, arguments)


def _page_by_page(task: Task[T], arguments: Arguments) -> list[T]:
    """Return the answers to the parts of a call, each in a process that it may kill, as a crawl reads."""
    # Its event loop takes 8 MB, which no process of a pool needs.
    from armcrawl.processes.alone import call_each

    return call_each(task.function, task.apart(*arguments), task.without, task.patience)


def _processes(workers: int) -> ProcessPoolExecutor:
    # A process of its own is started anew: a forked one would share the database's connections.
    context = get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(os.getpid(),))


def _prepare(parent: int) -> None:
    die_with(parent)
    collect_seldom()
    bound_memory()
