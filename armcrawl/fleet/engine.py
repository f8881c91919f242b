"""Procrastinate as the fleet uses it: one connection, two queues, and how long silence may last.

What its own recipes get wrong for us: `queueing_lock` is never used, as its index covers waiting jobs only, so that
the job of a dead worker could not be given to another while one waits.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.errors import UsageError
from armcrawl.store.base.database import POSTGRESQL_ARGUMENTS, SESSION, parse_url, reading, shown

if TYPE_CHECKING:
    from datetime import datetime

    from procrastinate import App
    from sqlalchemy import Engine

# Procrastinate's names of what waits: crawls, and the care for them, in which no crawl is ever waited for.
CRAWLS, CARE = "crawls", "care"
RUN_TASK, CARE_TASK = "armcrawl.run", "armcrawl.care"
# How jobs of one server go before one another: what is told by hand, nights, and what waits or is a further slice.
BY_HAND, NIGHTLY, WAITS = 10, 0, -10
# Seconds in which a pool must have a connection: the server does not answer at all after that.
POOL_SECONDS = 10.0
MAX_CONNECTIONS = 4
# For tests alone: by which part all waiting is shortened, as a number such as 0.05.
SCALE = "_ARMCRAWL_FLEET_SCALE"
# And how many seconds a slice of a backfill takes.
SLICE = "_ARMCRAWL_FLEET_SLICE"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often workers and those who watch them look, in seconds.

    A worker that says nothing for `silence` is dead: three of its heartbeats. `grace` is how long a crawl may take to
    end itself after SIGTERM; systemd waits longer (deploy/armcrawl-fleet@.service). A backfill is interrupted after a
    `slice`, so that the night's crawl of its server has its turn.
    """

    scale: float = 1.0
    heartbeat: float = 10.0
    silence: float = 30.0
    polling: float = 5.0
    grace: float = 60.0
    slice: float = 3_600.0

    @classmethod
    def usual(cls) -> Pace:
        """Return what counts in this process."""
        scale = float(os.environ.get(SCALE) or 1.0)
        usual = cls()
        seconds = float(os.environ.get(SLICE) or usual.slice)
        return cls(scale, usual.heartbeat * scale, usual.silence * scale, usual.polling * scale, slice=seconds)

    @property
    def care_cron(self) -> str:
        """When the scheduler looks, as cron says it: each ten seconds, in a test each second."""
        return "* * * * * */10" if self.scale >= 1 else "* * * * * */1"


def check_fleet_url(url: str) -> None:
    """Raise UsageError, with what to do, for a database on which no fleet can work."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise UsageError(
            f"A fleet needs PostgreSQL, which many machines reach, and {shown(parsed)} is a file of this one: copy it "
            "by `armcrawl db copy postgresql://user@host/name`, and its archive by `armcrawl archive move "
            "s3://BUCKET/PREFIX` or into a folder that all machines share (docs/fleet.md). One machine needs no fleet: "
            "`armcrawl crawl --all`."
        )
    if find_spec("procrastinate") is None:
        raise UsageError("A fleet needs Procrastinate: install armcrawl[fleet].")


def moment_of(engine: Engine) -> datetime:
    """Return the moment by the database's clock, which all machines share, whatever their own ones show."""
    with reading(engine) as connection:
        moment: datetime = connection.execute(select(func.now())).scalar_one()
    return moment


def app_of(url: str) -> App:
    """Return Procrastinate's application on a database, not yet opened; raises UsageError where none can be."""
    check_fleet_url(url)
    from procrastinate import App, PsycopgConnector

    parsed = parse_url(url)
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    given = parsed.query.get("options", "")
    arguments = {name: value for name, value in POSTGRESQL_ARGUMENTS.items() if name not in parsed.query}
    arguments |= {"application_name": "armcrawl fleet", "options": f"{options} {given}".strip()}
    connector = PsycopgConnector(
        conninfo=parsed.set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs=arguments,
        min_size=1,
        max_size=MAX_CONNECTIONS,
        timeout=POOL_SECONDS,
    )
    return App(connector=connector)
