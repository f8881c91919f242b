"""Every request that is sent is counted against the run's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from armcrawl.crawling.context import context_of
from armcrawl.crawling.shutdown import NotSentError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from armcrawl.crawling.budget import Budget


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
