"""How far a run is: a bar on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from armcrawl.crawling.run_extension import run_of
from armcrawl.reporting import logs

if TYPE_CHECKING:
    from rich.progress import Progress
    from scrapy.crawler import Crawler

# Often enough for an eye, rarely enough for a log.
BAR_SECONDS, LINE_SECONDS = 0.5, 60.0


class ProgressExtension:
    """Tells how many pages are done, how fast, how long it will take, and what they turned out to be."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.started = time.monotonic()
        self.task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Attach to a run that is to show its progress."""
        if not crawler.settings.getbool("ARMCRAWL_PROGRESS"):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

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
        while True:
            await asyncio.sleep(LINE_SECONDS)
            logs.tell(self.line())

    async def _bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        counts = TextColumn("{task.fields[counts]}")
        with Progress(*columns, counts, console=Console(stderr=True)) as progress:
            await self._update(progress)

    async def _update(self, progress: Progress) -> None:
        task = progress.add_task("", total=None, rate="", counts="")
        while True:
            run = run_of(self.crawler)
            progress.update(
                task, total=run.expected, completed=sum(run.counts.values()), rate=self._rate(), counts=self._counts()
            )
            await asyncio.sleep(BAR_SECONDS)

    def line(self) -> str:
        """Return the progress in one line."""
        run = run_of(self.crawler)
        done = sum(run.counts.values())
        of = f" of {run.expected}" if run.expected is not None else ""
        rest = ""
        if run.expected is not None and done:
            seconds = (run.expected - done) * (time.monotonic() - self.started) / done
            rest = f", {in_words(seconds)} to go"
        return f"{done}{of} pages, {self._rate()}{rest}: {self._counts() or 'none yet'}"

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self.started, 1e-9)
        return f"{60 * sum(run_of(self.crawler).counts.values()) / seconds:.0f} a minute"

    def _counts(self) -> str:
        return ", ".join(f"{name} {number}" for name, number in sorted(run_of(self.crawler).counts.items()))


def in_words(seconds: float) -> str:
    """Return a length of time as a person would say it."""
    minutes = max(0, round(seconds / 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
