"""The header's exchange rates and their day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from armcrawl.items import ExchangeRates
from armcrawl.reading.page import read_page
from tests.conftest import FETCHED_AT, TODAY

PAGE = """<html><title>Завод</title><body><div>{header} € — 90.9329, $ — 76.5519</div><h1>Завод</h1>
<p>31 Мая 2016</p><p>Завод отгрузил сто задвижек для нефтепровода, который строят в Сибири.</p></body></html>"""


def rates(header: str) -> ExchangeRates | None:
    body = PAGE.format(header=header).encode()
    return read_page(body, "https://armtorg.ru/news/1", FETCHED_AT, "text/html; charset=utf-8").rates


@pytest.mark.parametrize("header", ["23 Ноября 2026г, Понедельник", "", "Понедельник, 23.11.2026"])
def test_rates_are_of_the_day_printed_beside_them_or_of_the_fetch(header: str) -> None:
    assert rates(header) == ExchangeRates(TODAY, Decimal("90.9329"), Decimal("76.5519"))


def test_a_cached_header_keeps_its_own_day() -> None:
    found = rates("20 Ноября 2026г, Пятница")
    assert found is not None
    assert found.day == date(2026, 11, 20)


def test_beside_a_wrong_weekday_there_are_no_rates() -> None:
    assert rates("23 Ноября 2026г, Среда") is None
