"""The days that a person means who asks for articles of some time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from armcrawl.russian.dates import read_span

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("5 ноября 2026", date(2026, 11, 5), date(2026, 11, 5)),
        ("05.11.2026", date(2026, 11, 5), date(2026, 11, 5)),
        ("  05.11.2026 ", date(2026, 11, 5), date(2026, 11, 5)),
        ("2026-11-05", date(2026, 11, 5), date(2026, 11, 5)),
        ("ноябрь 2026", date(2026, 11, 1), date(2026, 11, 30)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("1985", date(1985, 1, 1), date(1985, 12, 31)),
        ("вчера", date(2026, 11, 22), date(2026, 11, 22)),
        ("31 декабря 2027", date(2027, 12, 31), date(2027, 12, 31)),
        ("май 2030", date(2030, 5, 1), date(2030, 5, 31)),
    ],
)
def test_a_date_names_a_day_a_month_or_a_year_also_one_that_is_to_come(text: str, first: date, last: date) -> None:
    assert read_span(text, NOW) == (first, last)


@pytest.mark.parametrize("text", ["", "когда-то", "31.02.2016", "2016-13", "0000", "2016-05-32", "1 и 2 мая 2016"])
def test_what_is_no_date_names_no_days(text: str) -> None:
    assert read_span(text, NOW) is None
