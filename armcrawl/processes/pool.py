"""Work that is spread over processes, and comes back in its order.

pebble's pool would name the call that killed a process. But one that is killed while it hands back its answer, where
it takes most memory, holds a lock that all others wait for, until they end one after another.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from armcrawl.errors import ArmcrawlError
from armcrawl.processes.collecting import collect_seldom
from armcrawl.processes.parent import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")

# So many are handed out ahead for each process: none waits, and what is read never piles up.
AHEAD = 3


def spread(
    function: Callable[..., T],
    calls: Iterable[tuple[Any, ...]],
    workers: int | None = None,
    name: Callable[..., str] = repr,
) -> Iterator[T]:
    """Yield what a module-level function returns for each list of arguments, in their order.

    `workers` is the number of processes, one for each core by default. If one of them is killed, the calls that were
    under way are made again, each in a process of its own; one that is killed again is told by its `name`, of its
    arguments, in an ArmcrawlError.
    """
    workers = workers or len(os.sched_getaffinity(0))
    left = iter(calls)
    while unanswered := (yield from _answers(function, left, workers)):
        for arguments in unanswered:
            if (yield from _answers(function, iter([arguments]), 1)):
                raise ArmcrawlError(
                    f"The process that read {name(*arguments)} was killed twice, the second time with no other beside "
                    "it, perhaps for want of memory: what was done is kept; run the command again where there is more."
                )


def _answers(
    function: Callable[..., T], calls: Iterator[tuple[Any, ...]], workers: int
) -> Generator[T, None, list[tuple[Any, ...]]]:
    """Yield answers until all calls are made, or a process is killed; return the calls that are left without one."""
    # A process of its own is started anew: a forked one would share the database's connections.
    context = get_context("spawn")
    waiting: deque[tuple[Any, ...]] = deque()
    futures: deque[Future[T]] = deque()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(os.getpid(),)) as pool:
        try:
            while True:
                for arguments in islice(calls, workers * AHEAD - len(futures)):
                    waiting.append(arguments)
                    futures.append(pool.submit(function, *arguments))
                if not futures:
                    return []
                answer = futures.popleft().result()
                waiting.popleft()
                yield answer
        except BrokenProcessPool:
            return list(waiting)


def _prepare(parent: int) -> None:
    die_with(parent)
    collect_seldom()
