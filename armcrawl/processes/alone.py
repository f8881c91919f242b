"""Calls one after another in a process that each of them may kill, for who has no event loop of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from armcrawl.processes.worker import Worker, WorkerCrashError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


def call_each(
    function: Callable[..., T], calls: Iterable[tuple[Any, ...]], without: Callable[..., T], patience: float
) -> list[T]:
    """Return the answers to calls; `without` answers one that kills its process, or hangs, twice."""

    async def work() -> list[T]:
        worker, answers = Worker(patience), list[T]()
        try:
            for arguments in calls:
                try:
                    answers.append(await worker.call(function, *arguments))
                except (WorkerCrashError, MemoryError) as error:
                    answers.append(without(error, *arguments))
        finally:
            await worker.close()
        return answers

    return asyncio.run(work())
