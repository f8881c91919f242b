"""When a fleet crawls a site, as its declaration says: pure arithmetic of times."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from armcrawl.options import LARGEST

TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# Minutes: as deploy/armcrawl.timer has it; not every operator of the world at the same second.
USUAL_JITTER = 20
# Minutes: a longer one would be another time of the day.
MAX_JITTER = 12 * 60
Budget = Annotated[int, Meta(ge=0, le=LARGEST)]


class Schedule(Struct, frozen=True, forbid_unknown_fields=True):
    """When a site is crawled by itself, and with which budget.

    `nightly` is a time of the day in the site's own zone; without one nothing is crawled by itself. `jitter` is by how
    many minutes at most a night's crawl begins later, each night and each site by another number. `max_requests` and
    `max_time` (in seconds) are the budget of a night, where it is another than that of other runs.
    """

    nightly: str | None = None
    jitter: Annotated[int, Meta(ge=0, le=MAX_JITTER)] = USUAL_JITTER
    max_requests: Budget | None = None
    max_time: Budget | None = None

    def __post_init__(self) -> None:
        if self.nightly is not None and not TIME.fullmatch(self.nightly):
            raise ValueError(f"{self.nightly!r} is no time of the day: write it as 02:30")

    def arguments(self) -> list[str]:
        """Return the budget as `armcrawl crawl` is told it."""
        told = (("--max-requests", self.max_requests), ("--max-time", self.max_time))
        return [word for flag, value in told if value is not None for word in (flag, str(value))]

    def last_due(self, site: str, zone: str, now: datetime) -> datetime | None:
        """Return the last time that was due, in UTC; None for a site that is crawled by hand."""
        return max((at for at in self._near(site, zone, now) if at <= now), default=None)

    def next_due(self, site: str, zone: str, now: datetime) -> datetime | None:
        """Return the next time that is due, in UTC; None for a site that is crawled by hand."""
        return min((at for at in self._near(site, zone, now) if at > now), default=None)

    def _near(self, site: str, zone: str, now: datetime) -> list[datetime]:
        """Return the due times around a moment: of more days than the longest jitter reaches over."""
        today = now.astimezone(ZoneInfo(zone)).date()
        days = [today + timedelta(days=number) for number in range(-2, 3)]
        return [] if self.nightly is None else [self._due(self.nightly, site, zone, day) for day in days]

    def _due(self, nightly: str, site: str, zone: str, day: date) -> datetime:
        begin = datetime.combine(day, time.fromisoformat(nightly), ZoneInfo(zone)).astimezone(UTC)
        # From the day and the name: whichever machine asks, and however often, it hears the same.
        number = int.from_bytes(blake2b(f"{site} {day}".encode(), digest_size=8).digest())
        return begin + timedelta(seconds=number % (self.jitter * 60 + 1))
