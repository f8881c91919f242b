"""How much a run may ask."""

from __future__ import annotations

import pytest
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler

from armcrawl.crawling.budget import Budget, NotSentError
from armcrawl.crawling.configuration import configure
from armcrawl.crawling.context import RunContext, hand_over
from armcrawl.crawling.downloading.budget_middleware import BudgetMiddleware

REQUEST = Request("https://armtorg.ru/news/9911")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr("armcrawl.crawling.budget.time.monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(("sent", "spent"), [(0, None), (9, None), (10, "10 requests"), (11, "10 requests")])
def test_a_budget_of_requests_is_spent_when_all_are_sent(sent: int, spent: str | None) -> None:
    assert Budget(max_requests=10, max_seconds=0, sent=sent).spent == spent


@pytest.mark.parametrize(("seconds", "spent"), [(0, None), (59.9, None), (60, "60 seconds"), (61, "60 seconds")])
def test_a_budget_of_time_is_spent_when_it_is_over(clock: list[float], seconds: float, spent: str | None) -> None:
    budget = Budget(max_requests=0, max_seconds=60, started=clock[0])
    clock[0] += seconds
    assert budget.spent == spent


def test_time_counts_from_the_beginning_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(max_requests=0, max_seconds=60)
    started = budget.started
    monkeypatch.setattr("armcrawl.crawling.budget.time.monotonic", lambda: started + 61)
    assert budget.spent == "60 seconds"


def test_a_budget_of_zero_is_none(clock: list[float]) -> None:
    budget = Budget(max_requests=0, max_seconds=0, sent=1_000_000, started=clock[0])
    clock[0] += 10**9
    assert budget.spent is None


def test_every_request_is_counted() -> None:
    middleware = BudgetMiddleware(budget := Budget(max_requests=3, max_seconds=0))
    for _ in range(2):
        middleware.process_request(REQUEST)
    assert budget.sent == 2


def test_a_request_beyond_the_budget_is_not_sent() -> None:
    middleware = BudgetMiddleware(Budget(max_requests=1, max_seconds=0))
    middleware.process_request(REQUEST)
    with pytest.raises(NotSentError, match=r"news/9911 was not asked for: 1 requests are spent"):
        middleware.process_request(REQUEST)


def test_a_request_that_is_not_sent_is_not_counted() -> None:
    middleware = BudgetMiddleware(budget := Budget(max_requests=1, max_seconds=0, sent=1))
    with pytest.raises(NotSentError):
        middleware.process_request(REQUEST)
    assert budget.sent == 1


def test_requests_are_counted_against_the_budget_of_the_run() -> None:
    crawler = get_crawler(Spider)
    configuration = configure("armtorg", {"ARMCRAWL_MAX_REQUESTS": 5})
    context = RunContext(configuration, configuration.origin, Budget(max_requests=5, max_seconds=0))
    hand_over(crawler, context)
    assert BudgetMiddleware.from_crawler(crawler).budget is context.budget


def test_a_spider_without_a_budget_may_ask_on() -> None:
    crawler = get_crawler(Spider)
    crawler.spider = Spider("free")
    middleware = BudgetMiddleware.from_crawler(crawler)
    middleware.process_request(REQUEST)
    assert middleware.budget is None
