"""A clock that was set back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.clock import AT_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OPTIONS = ("--delay", "0", "--section", "reviews")


@pytest.fixture
def crawl(armcrawl: Command, portal: str, database: str) -> Command:
    """Crawl as if it were another moment."""

    def run(moment: datetime, *options: str) -> Finished:
        where = ("--base-url", portal, "--database", database)
        return armcrawl(moment.isoformat(), "crawl", *where, *OPTIONS, *options, script=AT_TIME)

    return run


def test_a_clock_that_was_set_back_stops_the_run_before_it_writes_wrong_dates(crawl: Command, query: Query) -> None:
    assert crawl(NOW).code == 0
    before = query("SELECT key, current_version FROM articles ORDER BY key")
    refused = crawl(NOW.replace(year=2025))
    assert refused.code == 1
    assert "The clock says 2025-11-23 20:00 UTC" in refused.err
    assert "Traceback" not in refused.err
    assert len(query("SELECT id FROM runs")) == 1
    assert query("SELECT key, current_version FROM articles ORDER BY key") == before


def test_whoever_trusts_the_clock_goes_on_and_nothing_is_doubled(crawl: Command, query: Query) -> None:
    crawl(NOW)
    before = query("SELECT key, current_version FROM articles ORDER BY key")
    trusting = crawl(NOW.replace(year=2025), "--trust-clock")
    assert trusting.code == 0, trusting.err
    assert query("SELECT key, current_version FROM articles ORDER BY key") == before


def test_an_hour_is_no_matter(crawl: Command) -> None:
    crawl(NOW)
    assert crawl(NOW.replace(hour=19)).code == 0
