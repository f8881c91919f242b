"""The shutdown of a run: what is under way is given up, not waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from armcrawl.crawling.budget import NotSentError

if TYPE_CHECKING:
    from collections.abc import Coroutine

NOT_WAITED_FOR = "not waited for, as the run ends"
T = TypeVar("T")


class Shutdown:
    """Knows what is under way, and gives all of it up when the run has to end at once."""

    def __init__(self) -> None:
        self.has_begun = False
        self.under_way: set[asyncio.Task[Any]] = set()

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what some work returns; raises NotSentError as soon as the shutdown begins."""
        if self.has_begun:
            work.close()
            raise NotSentError(NOT_WAITED_FOR)
        task = asyncio.create_task(work)
        self.under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if not self.has_begun:
                raise
            raise NotSentError(NOT_WAITED_FOR) from None
        finally:
            self.under_way.discard(task)

    def begin(self) -> None:
        """Give up what is under way."""
        self.has_begun = True
        for task in list(self.under_way):
            task.cancel()
