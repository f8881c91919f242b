"""The date that was read, as precise as printed, or the reason why it is not plausible."""

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

# Earlier than the first Russian web pages: any earlier year is a typing error or a date of history.
MIN_YEAR = 1990
# The clocks of site and crawler may differ by this much; an article is never dated further ahead.
CLOCK_DIFFERENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RussianDate:
    """A date as precise as it was printed: `month` and `day` are None if they were not; `time` is in `zone`.

    `form` names what was printed: words, numbers, iso, roman, month, year, relative, age, day_and_month, weekday,
    dateparser. `relative` tells that the date was computed from the time of the fetch.
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
        """The first day of the printed day, month or year."""
        return date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @property
    def precision(self) -> Precision:
        """How precise the date is."""
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def moment(self) -> datetime | None:
        """The printed time on that date, with its time zone, or None."""
        return datetime.combine(self.date, self.time, self.zone or UTC) if self.time is not None else None


@dataclass(frozen=True, slots=True)
class Fault:
    """The reason why the date in a text is not plausible."""

    reason: str


class Fetch(NamedTuple):
    """When a text was fetched, and the time zone of its site: relative dates are computed from this."""

    moment: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The day of the fetch in the site's time zone."""
        return self.moment.astimezone(self.zone).date()


Examined = RussianDate | Fault | None


def plausible(found: RussianDate, weekday: str | None, fetch: Fetch) -> RussianDate | Fault:
    """Return the date, or the reason why it is not plausible; `weekday` is the printed one, if any."""
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
    """Return the time of day in the groups hour, minute and second of a match."""
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))


def has_impossible_clock(text: str) -> bool:
    """Tell whether a text has an impossible time of day, such as 25:70."""
    return any(not POSSIBLE_CLOCK.fullmatch(clock) for clock in IMPOSSIBLE_CLOCK.findall(text))
