"""What all parts of a run share, handed to each of them when Scrapy makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

from armcrawl.crawling.children import READER
from armcrawl.crawling.shutdown import Shutdown
from armcrawl.processes.worker import Worker

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from armcrawl.crawling.budget import Budget
    from armcrawl.crawling.configuration import RunConfiguration
    from armcrawl.sites import Origin


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run is told to do, and what its parts work with.

    `server` is where requests go: the site, a server that stands in for it, or a web archive.
    """

    configuration: RunConfiguration
    server: Origin
    budget: Budget
    shutdown: Shutdown = field(default_factory=Shutdown)
    reader: Worker = field(default_factory=partial(Worker, modules=READER))


_contexts: WeakKeyDictionary[Crawler, RunContext] = WeakKeyDictionary()


def hand_over(crawler: Crawler, context: RunContext) -> None:
    """Let all that Scrapy makes for a crawler from now on have the context of its run."""
    _contexts[crawler] = context


def context_of(crawler: Crawler) -> RunContext | None:
    """Return the context of a crawler's run; None for a spider that is none of ours."""
    return _contexts.get(crawler)


class CrawlerPart:
    """What Scrapy makes for a crawler: a middleware or an extension."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the part of a crawler, as Scrapy asks for it."""
        return cls(crawler)
