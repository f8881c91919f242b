"""Work that is spread over processes, and comes back in its order."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

from armcrawl.collecting import collect_seldom
from armcrawl.errors import ArmcrawlError
from armcrawl.parent import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

# So many are handed out ahead for each process: none waits, and what is read never piles up.
AHEAD = 3


def spread(function: Callable[..., T], calls: Iterable[tuple[Any, ...]], workers: int | None = None) -> Iterator[T]:
    """Yield what a module-level function returns for each list of arguments, in their order.

    `workers` is the number of processes, one for each core by default. Raises ArmcrawlError if one of them is killed.
    """
    workers = workers or len(os.sched_getaffinity(0))
    # A process of its own is started anew: a forked one would share the database's connections.
    context = get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(os.getpid(),)) as pool:
            waiting = []
            for arguments in calls:
                waiting.append(pool.submit(function, *arguments))
                if len(waiting) >= workers * AHEAD:
                    yield waiting.pop(0).result()
            for future in waiting:
                yield future.result()
    except BrokenProcessPool as error:
        raise ArmcrawlError(
            "A process that reads pages was killed, perhaps for want of memory: what was done is kept; "
            "run the command again, with fewer processes where it takes a number of them."
        ) from error


def _prepare(parent: int) -> None:
    die_with(parent)
    collect_seldom()
