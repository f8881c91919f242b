"""What a fleet does when its PostgreSQL goes away, or the way to it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.alive import is_alive
from tests.fleet.conftest import SITE, check
from tests.fleet.wire import wired
from tests.waiting import wait_for

if TYPE_CHECKING:
    from tests.fleet.world import World
    from tests.postgresql import OwnServer

Rows = list[tuple[Any, ...]]


def told(fleet: World, words: str) -> bool:
    """Tell whether any worker has said so."""
    return words in (fleet.folder / "workers.log").read_text("utf-8")


@pytest.mark.soak
def test_postgresql_is_restarted(fleet: World, own_server: OwnServer, undisturbed: Rows) -> None:
    fleet.begin(SITE)
    gone_at = time.monotonic()
    own_server.stop()
    own_server.start()
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=None, away=fleet.fault_at - gone_at)


@pytest.mark.e2e
def test_postgresql_is_killed_for_good_and_started_again(
    fleet: World, own_server: OwnServer, undisturbed: Rows
) -> None:
    fleet.begin(SITE)
    gone_at = time.monotonic()
    own_server.kill()
    wait_for(lambda: told(fleet, "The database went away"))
    own_server.start()
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=None, away=fleet.fault_at - gone_at)


@pytest.mark.soak
def test_postgresql_only_reads_for_a_while(fleet: World, own_server: OwnServer, undisturbed: Rows) -> None:
    def set_to(mode: str) -> None:
        with psycopg.connect(fleet.url, autocommit=True, options="-c default_transaction_read_only=off") as connection:
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {mode}")
            connection.execute("SELECT pg_reload_conf()")

    del own_server
    fleet.begin(SITE)
    gone_at = time.monotonic()
    set_to("on")
    wait_for(lambda: fleet.ask("SHOW default_transaction_read_only") == [("on",)])
    fleet.portals[SITE].is_held = False
    wait_for(lambda: told(fleet, "read-only"))
    set_to("off")
    fleet.go_on(SITE)
    check(fleet, undisturbed, kills=None, away=fleet.fault_at - gone_at)


@pytest.mark.e2e
def test_the_way_to_postgresql_is_lost_and_found_again(fleet: World, undisturbed: Rows) -> None:
    with wired(fleet.url) as (wire, fleet.reached):
        crawl = fleet.begin(SITE)
        gone_at = time.monotonic()
        wire.silence()
        wait_for(lambda: fleet.ask("SELECT 1 FROM procrastinate_workers WHERE last_heartbeat < now() - interval '4 s'"))
        wire.cut()
        fleet.go_on(SITE)
        # Whether the crawl goes on, or a further one: there is one at a time.
        check(fleet, undisturbed, kills=None, away=fleet.fault_at - gone_at)
        wait_for(lambda: not is_alive(crawl))
