"""How long a server asks to be left alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from armcrawl import clock
from armcrawl.crawling.downloading.hosts import server_of
from armcrawl.crawling.downloading.pauses import MAX_PAUSE_SECONDS, PauseMiddleware, how_long, retry_after
from tests.conftest import FETCHED_AT


def answer(value: str | None) -> Response:
    return Response("https://armtorg.ru/news/1", status=429, headers={"Retry-After": value} if value else {})


@pytest.mark.parametrize(("value", "seconds"), [("0", 0), ("120", 120), (" 7 ", 7), ("9" * 40, 9_999_999_999)])
def test_seconds_are_read(value: str, seconds: float) -> None:
    assert retry_after(answer(value)) == seconds


@pytest.mark.parametrize(("ahead", "seconds"), [(90, 90), (-90, 0)])
def test_dates_are_read(monkeypatch: pytest.MonkeyPatch, ahead: int, seconds: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: FETCHED_AT)
    value = format_datetime(FETCHED_AT + timedelta(seconds=ahead), usegmt=True)
    assert retry_after(answer(value)) == seconds


@pytest.mark.parametrize("value", [None, "soon", "-5", "1.5", "٣", "2026-11-23", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_what_is_neither_is_no_answer(value: str | None) -> None:
    assert retry_after(answer(value)) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(3600, "60 minutes"), (3 * 86_400, "3 days"), (10 * 365 * 86_400, "10 years"), (1e300, "ever")],
)
def test_a_long_time_is_told_in_the_unit_that_fits(seconds: float, told: str) -> None:
    assert how_long(seconds) == told


def refused_and_answered(refusals: int, *statuses: int) -> tuple[float, int]:
    """Return for how long a server is not asked after refusals in a row, and how many count after answers."""

    async def meet() -> tuple[float, int]:
        crawler = get_crawler(settings_dict={"DOWNLOAD_DELAY": 1.0})
        pauses, request = PauseMiddleware(crawler), Request("https://armtorg.ru/news/1")
        for status in (429,) * refusals:
            pauses.process_response(request, Response(request.url, status))
        pace = pauses.paces[server_of(request.url)]
        seconds = pace.not_before - asyncio.get_running_loop().time()
        for status in statuses:
            pauses.process_response(request, Response(request.url, status))
        return seconds, pace.refusals

    return asyncio.run(meet())


def test_a_pause_is_twice_as_long_after_each_refusal_up_to_the_longest_one() -> None:
    told = [round(refused_and_answered(refusals)[0]) for refusals in (1, 2, 3, 9, 2000)]
    assert told == [2, 4, 8, 512, MAX_PAUSE_SECONDS]


@pytest.mark.parametrize(("status", "refusals"), [(200, 0), (304, 0), (404, 0), (410, 0), (503, 4), (500, 3)])
def test_any_real_answer_ends_the_doubling(status: int, refusals: int) -> None:
    assert refused_and_answered(3, status)[1] == refusals
