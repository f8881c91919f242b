"""The days that a person means by a date: one, or all of a month or a year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from armcrawl.items import Precision
from armcrawl.russian.dates.read import read_date

ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
# A date of publication is never later than now; who asks for articles may name the end of the next year.
AHEAD = timedelta(days=20 * 366)


def read_span(text: str, now: datetime) -> tuple[date, date] | None:
    """Return the first and the last day of a day, a month or a year, as Russian or ISO 8601 write it, or None.

    `now`, which must have a time zone, is what «вчера» is counted from.
    """
    plain = " ".join(text.split())
    if parts := ISO.fullmatch(plain):
        year, month, day = (int(part) if part else None for part in parts.groups())
        return _span(year or 0, month, day)
    found = read_date(plain, now)
    if found is None:
        found = read_date(plain, now + AHEAD)
        if found is None or found.relative:
            return None
    month = found.month if found.precision is not Precision.YEAR else None
    return _span(found.year, month, found.day if found.precision is Precision.DAY else None)


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """Return the first and the last day of a date of which the day, or the month as well, is not known."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last = month or 12
    return first, date(year, last, monthrange(year, last)[1])
