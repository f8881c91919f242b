"""Times as archives write them, of every length: WARC dates, and the digits of ARC files and indexes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

# WARC 1.1, 5.4: a year, up to a moment with nine digits of a second; ARC and indexes: the same without marks.
WRITTEN = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ]?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]?(\d{1,9}))?)?)?)?)?)?"
    r"(?:Z|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
# Of what is not written: the first month, the first day, midnight.
LEAST = (1, 1, 1, 0, 0, 0)
# The day on which the first page of the web was announced.
FIRST_PAGE = datetime(1991, 8, 6, tzinfo=UTC)
# Near the last year that there is, no zone can be reckoned with.
MAX_YEAR = 9000
# By which the clocks of two machines may differ.
CLOCKS_DIFFER = timedelta(days=1)


def moment_of(written: str | None) -> datetime | None:
    """Return the first moment of what is written, in UTC; None for what is no time."""
    found = WRITTEN.fullmatch((written or "").strip())
    if found is None:
        return None
    parts, (fraction, east, east_minutes) = found.groups()[:6], found.groups()[6:]
    year, month, day, hour, minute, second = (int(part or least) for part, least in zip(parts, LEAST, strict=True))
    try:
        zone = timezone(timedelta(hours=int(east or 0), minutes=int(f"{(east or '')[:1]}{east_minutes or 0}")))
        microsecond = int((fraction or "").ljust(6, "0")[:6])
        moment = datetime(year, month, day, hour, minute, second, microsecond, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year <= MAX_YEAR else None


def is_future(moment: datetime, now: datetime) -> bool:
    """Tell whether nothing can have been captured at a moment yet."""
    return moment > now + CLOCKS_DIFFER
