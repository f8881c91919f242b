"""Every request that is sent is counted against the run's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.crawling.context import CrawlerPart, context_of
from armcrawl.crawling.shutdown import NotSentError

if TYPE_CHECKING:
    from scrapy import Request


class BudgetMiddleware(CrawlerPart):
    """Counts every request that is sent, robots.txt, redirects and retries included."""

    def process_request(self, request: Request) -> None:
        """Send a request only while the run's budget lasts; raises NotSentError after that."""
        context = context_of(self.crawler)
        if context is None:
            return
        if spent := context.budget.spent:
            raise NotSentError(f"{request.url} was not asked for: {spent} are spent")
        context.budget.sent += 1
