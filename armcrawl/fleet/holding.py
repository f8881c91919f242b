"""Sites for which nothing is done by itself: somebody paused them, or they block us."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from armcrawl import clock
from armcrawl.fleet.engine import moment_of
from armcrawl.fleet.tables import sites
from armcrawl.store.base.database import reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


class Scheduled(NamedTuple):
    """A site: the last due time that is cared for, if it was ever scheduled, and whether it is held."""

    last_due_at: datetime | None
    is_held: bool

    def is_due(self, due: datetime) -> bool:
        """Tell whether a night that was due last is to be brought in: it is not cared for, and the site is not held."""
        return not self.is_held and self.last_due_at is not None and due > self.last_due_at


def hold(engine: Engine, site: str, why: str) -> None:
    """Begin nothing more for a site until somebody resumes it."""
    _set(engine, site, held_at=clock.now(), held_why=why)


def release(engine: Engine, site: str) -> bool:
    """Let a site go on with its next night; return whether it was held."""
    was_held = held(engine, site) is not None
    # What was due meanwhile is not made up for: nobody wants to be surprised by it.
    _set(engine, site, held_at=None, held_why=None, last_due_at=moment_of(engine))
    return was_held


def held(engine: Engine, site: str) -> str | None:
    """Return why a site is held; None if it is not."""
    is_held = (sites.c.site == site) & sites.c.held_at.is_not(None)
    with reading(engine) as connection:
        return connection.execute(select(sites.c.held_why).where(is_held)).scalar()


def scheduled_sites(engine: Engine) -> dict[str, Scheduled]:
    """Return what is known of sites that were ever scheduled or held."""
    query = select(sites.c.site, sites.c.last_due_at, sites.c.held_at.is_not(None))
    with reading(engine) as connection:
        return {site: Scheduled(due, is_held) for site, due, is_held in connection.execute(query)}


def care_until(engine: Engine, site: str, due: datetime) -> None:
    """Remember that a due time is cared for."""
    _set(engine, site, last_due_at=due)


def _set(engine: Engine, site: str, **values: object) -> None:
    row = insert(sites).values(site=site, **values)
    with engine.begin() as connection:
        connection.execute(row.on_conflict_do_update(index_elements=["site"], set_=values))
