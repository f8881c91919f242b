"""Times as archives write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from armcrawl.archive.moments import FIRST_PAGE, is_future, moment_of
from tests.archive.conftest import foreign, told


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2016", "2016-01-01T00:00:00+00:00"),
        ("2016-06", "2016-06-01T00:00:00+00:00"),
        ("2016-06-05", "2016-06-05T00:00:00+00:00"),
        ("2016-06-05T10Z", "2016-06-05T10:00:00+00:00"),
        ("2016-06-05T10:20Z", "2016-06-05T10:20:00+00:00"),
        ("2016-06-05T10:20:30Z", "2016-06-05T10:20:30+00:00"),
        ("2016-06-05t10:20:30z", "2016-06-05T10:20:30+00:00"),
        ("2016-06-05 10:20:30", "2016-06-05T10:20:30+00:00"),
        ("2016-06-05T10:20:30.5Z", "2016-06-05T10:20:30.500000+00:00"),
        ("2016-06-05T10:20:30.123456789Z", "2016-06-05T10:20:30.123456+00:00"),
        ("2016-06-05T10:20:30+03:00", "2016-06-05T07:20:30+00:00"),
        ("2016-06-05T10:20:30-0330", "2016-06-05T13:50:30+00:00"),
        ("20160605", "2016-06-05T00:00:00+00:00"),
        ("201606051020", "2016-06-05T10:20:00+00:00"),
        ("20160605102030", "2016-06-05T10:20:30+00:00"),
        ("20160605102030123", "2016-06-05T10:20:30.123000+00:00"),
    ],
)
def test_a_time_of_any_length_is_its_first_moment(written: str, moment: str) -> None:
    found = moment_of(written)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "written",
    [
        *(None, "", "yesterday", "20000008241731", "2016-13", "2016-02-30", "2016-06-05T25:00Z", "2016-06-05T10:60Z"),
        *(
            "0000",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "9500",
            "٢٠١٦",
            "20165",
            "2016-06-05T10:20:30+99:99",
        ),
    ],
)
def test_what_is_no_time_is_none(written: str | None) -> None:
    assert moment_of(written) is None


@pytest.mark.parametrize("date", ["1970-01-01T00:00:00Z", "1980", "1991-08-05T23:59:59Z"])
def test_what_is_said_to_be_from_before_the_web_is_left_out(date: str) -> None:
    assert told(foreign(1, WARC_Date=date) + foreign(2)) == ["impossible time", "2"]


def test_the_first_page_of_the_web_is_possible() -> None:
    assert told(foreign(1, WARC_Date=FIRST_PAGE.isoformat())) == ["1"]


@pytest.mark.parametrize(("ahead", "is_so"), [(-1, False), (0, False), (23, False), (25, True), (99_999, True)])
def test_clocks_may_differ_by_a_day(ahead: int, *, is_so: bool) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert is_future(now + timedelta(hours=ahead), now) is is_so
