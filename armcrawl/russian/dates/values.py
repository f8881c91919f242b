"""What a date is: as much of it as was printed, or why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.items import Precision
from armcrawl.russian.dates.forms import WEEKDAYS
from armcrawl.russian.dates.lines import IMPOSSIBLE_CLOCK, POSSIBLE_CLOCK

if TYPE_CHECKING:
    import re
    from zoneinfo import ZoneInfo

# Before the first Russian web pages, so any earlier date is a slip or a date of history.
MIN_YEAR = 1990
# Clocks of site and crawler differ a little; a date further ahead than this is no date of an article.
CLOCK_DIFFERENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RussianDate:
    """A date as far as it was printed; `time` is in `zone`.

    `form` names what was printed: words, numbers, iso, roman, month, year, relative, age, day_and_month,
    weekday, dateparser. `relative` dates were counted from the time of fetch.
    """

    year: int
    month: int | None = None
    day: int | None = None
    time: time | None = None
    form: str = "words"
    relative: bool = False
    zone: ZoneInfo | None = field(default=None, compare=False)

    @property
    def date(self) -> date:
        """The first day of what is known."""
        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def precision(self) -> Precision:
        """How much is known."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def moment(self) -> datetime | None:
        """The printed time of day on that date, aware, or None."""
        return datetime.combine(self.date, self.time, self.zone or UTC) if self.time is not None else None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text that is a date cannot be believed."""

    reason: str


class Fetch(NamedTuple):
    """When a text was fetched, in the zone of its site: relative dates are counted from here."""

    moment: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The site's day of the fetch."""
        return self.moment.astimezone(self.zone).date()


Examined = RussianDate | Fault | None


def plausible(found: RussianDate, weekday: str | None, fetch: Fetch) -> RussianDate | Fault:
    """Return a date, or why it cannot be."""
    try:
        day = found.date
    except ValueError:
        return Fault("impossible date")
    if found.year < MIN_YEAR:
        return Fault(f"before {MIN_YEAR}")
    if found.year >= fetch.moment.year and _is_future(found, fetch):
        return Fault("after the time of fetch")
    if weekday and WEEKDAYS[weekday.lower()[:2]] != day.weekday():
        return Fault("wrong weekday")
    return found


def _is_future(found: RussianDate, fetch: Fetch) -> bool:
    latest = (fetch.moment + CLOCK_DIFFERENCE).astimezone(fetch.zone)
    return found.date > latest.date() or (found.moment is not None and found.moment > latest)


def read_clock(match: re.Match[str]) -> time:
    """Return the time of day that a match prints."""
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))


def has_impossible_clock(text: str) -> bool:
    """Tell whether a text prints a time of day that there is not."""
    return any(not POSSIBLE_CLOCK.fullmatch(clock) for clock in IMPOSSIBLE_CLOCK.findall(text))
