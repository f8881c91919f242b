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


def test_after_a_repair_the_next_night_runs_as_usual_and_all_that_was_fetched_stays(
    crawl: Command, armcrawl: Command, database: str, query: Query
) -> None:
    assert crawl(NOW.replace(year=2031)).code == 0
    before = query("SELECT key, current_version FROM articles ORDER BY key")
    refused = crawl(NOW)
    assert (refused.code, "armcrawl runs repair-clock" in refused.err) == (1, True)

    def repair(*options: str) -> Finished:
        return armcrawl(NOW.isoformat(), "runs", "repair-clock", "--database", database, *options, script=AT_TIME)

    shown = repair()
    assert "Run 1 of armtorg: 2031-11-23 20:00 becomes 2026-11-23 20:00." in shown.out
    assert "add --apply" in shown.out
    assert crawl(NOW).code == 1
    assert "It is written." in repair("--apply").out
    assert "nothing is to be mended" in repair().out
    assert crawl(NOW).code == 0
    assert query("SELECT key, current_version FROM articles ORDER BY key") == before


def test_a_clock_that_woke_up_in_1970_begins_no_run_even_if_it_is_trusted(crawl: Command, query: Query) -> None:
    refused = crawl(NOW.replace(year=1970), "--trust-clock")
    assert (refused.code, "before armcrawl was written" in refused.err) == (1, True)
    assert query("SELECT id FROM runs") == []


def test_an_hour_is_no_matter(crawl: Command) -> None:
    crawl(NOW)
    assert crawl(NOW.replace(hour=19)).code == 0
