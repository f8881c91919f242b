"""How much a run may ask: requests and time. What is left over, the next run asks for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from armcrawl.crawling.context import context_of
from armcrawl.crawling.shutdown import NotSentError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


@dataclass(slots=True)
class Budget:
    """Requests and seconds that a run may take; 0 is no limit."""

    max_requests: int
    max_seconds: float
    sent: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> str | None:
        """What is spent, in words, or None while there is some of everything."""
        if self.max_requests and self.sent >= self.max_requests:
            return f"{self.max_requests} requests"
        if self.max_seconds and time.monotonic() - self.started >= self.max_seconds:
            return f"{self.max_seconds:g} seconds"
        return None


class BudgetMiddleware:
    """Counts every request that is sent, robots.txt, redirects and retries included."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the budget of the crawler's run; other spiders have none."""
        context = context_of(crawler)
        if context is None:
            raise NotConfigured
        return cls(context.budget)

    def process_request(self, request: Request) -> None:
        """Send a request only while the budget lasts; raises NotSentError after that."""
        if spent := self.budget.spent:
            raise NotSentError(f"{request.url} was not asked for: {spent} are spent")
        self.budget.sent += 1
