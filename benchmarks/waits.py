"""How long sessions of a PostgreSQL server wait for locks.

The server itself logs each wait (`log_lock_waits`) that is longer than `deadlock_timeout`, a millisecond here, so none
is missed between two looks. It does not see shorter ones, nor what is no such lock (a page of the buffer, the disk, a
processor that others have), nor who asks without waiting (`pg_try_advisory_lock`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.postgresql import OwnServer

SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",
    # Lists of other lengths are other statements; none may be forgotten for want of room.
    "pg_stat_statements.max": "50000",
    # Without BEGIN and COMMIT.
    "pg_stat_statements.track_utility": "off",
    "log_lock_waits": "on",
    "deadlock_timeout": "1ms",
    "lc_messages": "C",
}
# `process 17 acquired ExclusiveLock on advisory lock [5,1,2,1] after 12.345 ms`; one that was given up never acquires.
ACQUIRED = re.compile(r"LOG:  process \d+ acquired (\w+) on (.+?) after ([\d.]+) ms")
GIVEN_UP = re.compile(r"canceling statement due to lock timeout|deadlock detected")


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait for a lock, in milliseconds."""

    lock: str
    milliseconds: float


def ask(url: str, sql: str) -> int:
    """Return the number that a question has for an answer."""
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def watch(server: OwnServer) -> None:
    """Have a server log and count; it is restarted for that."""
    with psycopg.connect(server.server.get_uri(), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.stop()
    server.start()


def waits(server: OwnServer) -> tuple[list[Wait], int]:
    """Return all waits that were logged, and how many sessions gave one up."""
    log = server.server.log.read_text("utf-8", errors="replace")
    found = [Wait(f"{kind} on {re.sub(r'[0-9]+', 'N', what)}", float(ms)) for kind, what, ms in ACQUIRED.findall(log)]
    return found, len(GIVEN_UP.findall(log))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share of all does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
