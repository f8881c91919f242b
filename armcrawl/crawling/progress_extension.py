"""How far a run is: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from armcrawl.crawling.context import CrawlerPart
from armcrawl.crawling.run_extension import run_of
from armcrawl.reporting import logs
from armcrawl.reporting.progress import how_far

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BAR_SECONDS = 0.5  # often enough for an eye
# Who has just begun wants to know soon; a night of four hours fills no log, as each line comes twice as late.
FIRST_LINE_SECONDS, LINE_SECONDS = 60.0, 960.0


class ProgressExtension(CrawlerPart):
    """Tells how many pages are done, how fast, how long it will take, and what they turned out to be."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ARMCRAWL_PROGRESS"):
            raise NotConfigured
        super().__init__(crawler)
        self.started = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    def spider_opened(self) -> None:
        """Begin to tell."""
        self.started = time.monotonic()
        has_bar = sys.stderr.isatty() and not logs.is_json()
        self.task = asyncio.get_running_loop().create_task(self._bar() if has_bar else self._lines())

    async def spider_closed(self) -> None:
        """Tell no more."""
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    async def _lines(self) -> None:
        pause = FIRST_LINE_SECONDS
        while True:
            await asyncio.sleep(pause)
            logs.tell(self.line())
            pause = min(2 * pause, LINE_SECONDS)

    async def _bar(self) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("", total=None)
            while True:
                done = sum(run_of(self.crawler).counts.values())
                progress.update(task, total=self._total(done), completed=done, description=escape(self.line()))
                await asyncio.sleep(BAR_SECONDS)

    def line(self) -> str:
        """Return the progress in one line."""
        run = run_of(self.crawler)
        done, seconds = sum(run.counts.values()), time.monotonic() - self.started
        far = how_far(done, self._total(done), "pages", seconds, run.budget.max_seconds)
        counts = ", ".join(f"{name} {number}" for name, number in sorted(run.counts.items()))
        return f"{far}: {counts or 'none yet'}"

    def _total(self, done: int) -> int | None:
        """Return how many pages the run will have asked for, as far as is known: no more than its budget allows."""
        run = run_of(self.crawler)
        if run.expected is None:
            return None
        allowed = done + max(0, run.budget.max_requests - run.budget.sent) if run.budget.max_requests else run.expected
        return min(run.expected, allowed)
