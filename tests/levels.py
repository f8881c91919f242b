"""The levels of the tests: each has exactly one, by where it stands and what it asks for.

- `unit`: pure: no database, no other process, no server; checked while it runs
- `store`: one room with what it needs: an SQLite database, a process, a server on loopback
- `postgres`: the same on PostgreSQL
- `e2e`: whole commands and crawls
- `soak`: what takes long; `make test` leaves it out
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

LEVELS = ("unit", "store", "postgres", "e2e", "soak")
# The cheapest level of the tests in each folder, and in those files that are no `unit`.
PLACES = {
    **dict.fromkeys(("analysis", "archive", "benchmarks", "checks", "fingerprints", "pipelines", "quality"), "unit"),
    **dict.fromkeys(
        (
            "guard",
            "reading",
            "refining",
            "reporting",
            "russian",
            "sample",
            "sites",
            "crawling",
            "discovery",
            "jobs",
            "fleet",
        ),
        "unit",
    ),
    **dict.fromkeys(("store", "processes"), "store"),
    **dict.fromkeys(("test_analysts.py", "test_config.py", "test_deploy.py", "analysis/test_opened.py"), "store"),
    **dict.fromkeys(
        ("analysis/test_export_formats.py", "analysis/test_dataset.py", "analysis/test_dashboard.py"), "store"
    ),
    **dict.fromkeys(("reporting/test_logs.py", "reporting/test_delivery.py", "reporting/test_alarms.py"), "store"),
    **dict.fromkeys(("browser", "cli", "faults", "fuzz", "test_notebook.py"), "e2e"),
}
# What a test asks for raises its level.
FIXTURES = {
    "store": {"database", "each_database", "engine", "press_file", "sample_file", "portal"},
    "postgres": {"press_reader", "postgresql", "postgresql_database", "own_server", "own_database"},
    "e2e": {"armcrawl", "forks", "press_site", "press_reader_site"},
}
# What Python tells an audit hook of: https://docs.python.org/3/library/audit_events.html
IMPURE = frozenset(
    {"sqlite3.connect", "subprocess.Popen", "os.fork", "os.posix_spawn", "socket.bind", "socket.connect"}
)


def give_levels(items: Iterable[pytest.Item]) -> None:
    """Mark each test with its level; raises UsageError for one that is marked with two."""
    met = set[tuple[str, str]]()
    for item in items:
        given = {mark.name for mark in item.iter_markers() if mark.name in LEVELS}
        if len(given) > 1:
            raise pytest.UsageError(f"{item.nodeid} has the levels {', '.join(sorted(given))}: one is enough.")
        if not given:
            level = level_of(item)
            # Further cases of a test are other data for the same SQL: one on PostgreSQL, all in the soak.
            name = (item.nodeid.partition("::")[0], getattr(item, "originalname", item.name))
            is_further = level == "postgres" and name in met
            met |= {name} if level == "postgres" else set()
            item.add_marker("soak" if is_further else level)


def level_of(item: pytest.Item) -> str:
    """Return the level of a test that does not say it; raises UsageError for a folder without one."""
    file = item.nodeid.partition("::")[0].removeprefix("tests/")
    place = file.partition("/")[0]
    if place not in PLACES and place != file:
        raise pytest.UsageError(f"tests/{place} has no level: name it in tests/levels.py.")
    asked = set(getattr(item, "fixturenames", ()))
    is_on_postgresql = "postgresql" in getattr(getattr(item, "callspec", None), "params", {}).values()
    found = {PLACES.get(file, PLACES.get(place, "unit")), "postgres" if is_on_postgresql else "unit"}
    found |= {level for level, names in FIXTURES.items() if names & asked}
    # The SQL of other rooms is the store's, which is tested on both; the two meet in whole in test_both_databases.py.
    return "soak" if is_on_postgresql and place != "store" else max(found, key=LEVELS.index)


class Purity:
    """Hears what the process does, and lets no `unit` test do what is not pure."""

    def __init__(self) -> None:
        self.is_watching = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _: tuple[object, ...]) -> None:
        if self.is_watching and event in IMPURE:
            self.is_watching = False
            pytest.fail(f"A test of the level unit does {event}: give it another level.")
