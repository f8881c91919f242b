"""Every request that is sent is counted against the run's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from armcrawl.crawling.budget import NotSentError
from armcrawl.crawling.context import context_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from armcrawl.crawling.budget import Budget


class BudgetMiddleware:
    """Counts every request that is sent, robots.txt, redirects and retries included."""

    def __init__(self, budget: Budget | None) -> None:
        self.budget = budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the budget of the crawler's run, if it is one of ours."""
        context = context_of(crawler)
        return cls(context.budget if context is not None else None)

    def process_request(self, request: Request) -> None:
        """Send a request only while the budget lasts; raises NotSentError after that."""
        if self.budget is None:
            return
        if spent := self.budget.spent:
            raise NotSentError(f"{request.url} was not asked for: {spent} are spent")
        self.budget.sent += 1
