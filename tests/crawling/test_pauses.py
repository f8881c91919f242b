"""How long a server asks to be left alone."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import Response

from armcrawl import clock
from armcrawl.crawling.downloading.pauses import retry_after
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
