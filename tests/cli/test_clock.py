"""A clock that was set back."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.clock import AT_TIME
from tests.conftest import COMMAND_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Query = Callable[[str], list[tuple[object, ...]]]

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OPTIONS = ("--delay", "0", "--section", "reviews")


def crawl(folder: Path, moment: datetime, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", AT_TIME, moment.isoformat(), "crawl", *OPTIONS, *options],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=COMMAND_SECONDS,
        check=False,
    )


def test_a_clock_that_was_set_back_stops_the_run_before_it_writes_wrong_dates(
    portal: str, database: str, query: Query, tmp_path: Path
) -> None:
    where = ("--base-url", portal, "--database", database)
    assert crawl(tmp_path, NOW, *where).returncode == 0
    before = query("SELECT key, current_version FROM articles ORDER BY key")
    refused = crawl(tmp_path, NOW.replace(year=2025), *where)
    assert refused.returncode == 1
    assert "The clock says 2025-11-23 20:00 UTC" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert len(query("SELECT id FROM runs")) == 1
    assert query("SELECT key, current_version FROM articles ORDER BY key") == before


def test_whoever_trusts_the_clock_goes_on_and_nothing_is_doubled(
    portal: str, database: str, query: Query, tmp_path: Path
) -> None:
    where = ("--base-url", portal, "--database", database)
    crawl(tmp_path, NOW, *where)
    before = query("SELECT key, current_version FROM articles ORDER BY key")
    trusting = crawl(tmp_path, NOW.replace(year=2025), *where, "--trust-clock")
    assert trusting.returncode == 0, trusting.stderr
    assert query("SELECT key, current_version FROM articles ORDER BY key") == before


def test_an_hour_is_no_matter(portal: str, database: str, tmp_path: Path) -> None:
    where = ("--base-url", portal, "--database", database)
    crawl(tmp_path, NOW, *where)
    assert crawl(tmp_path, NOW.replace(hour=19), *where).returncode == 0
