"""The end of a run that is told to end at once: what is under way is given up, not waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from armcrawl.crawling.budget import NotSentError

if TYPE_CHECKING:
    from collections.abc import Coroutine

SAID = "not waited for, as the run ends"
T = TypeVar("T")


class Ending:
    """Knows what is under way, and gives all of it up when the end comes."""

    def __init__(self) -> None:
        self.has_come = False
        self.under_way: set[asyncio.Task[Any]] = set()

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what some work returns; raises NotSentError as soon as the end comes."""
        if self.has_come:
            work.close()
            raise NotSentError(SAID)
        task = asyncio.create_task(work)
        self.under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if not self.has_come:
                raise
            raise NotSentError(SAID) from None
        finally:
            self.under_way.discard(task)

    def come(self) -> None:
        """Give up what is under way."""
        self.has_come = True
        for task in list(self.under_way):
            task.cancel()
