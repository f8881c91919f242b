"""Times as archives write them, of every length: WARC dates, and the digits of ARC files and indexes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

# WARC 1.1, 5.4: a year, up to a moment with nine digits of a second; ARC and indexes: the same without marks.
WRITTEN = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T ]?(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]?(\d{1,9}))?)?)?)?)?)?"
    r"(?:Z|([+-]\d\d):?(\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
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
    year, month, day, hour, minute, second, fraction, east, east_minutes = found.groups()
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
        zone = timedelta(hours=int(east or 0))
        zone += timedelta(minutes=int(east_minutes or 0)) * (-1 if (east or "").startswith("-") else 1)
        moment = moment - zone + timedelta(microseconds=int((fraction or "").ljust(6, "0")[:6]))
    except (ValueError, OverflowError):
        return None
    return moment if moment.year <= MAX_YEAR else None


def is_future(moment: datetime, now: datetime) -> bool:
    """Tell whether nothing can have been captured at a moment yet."""
    return moment > now + CLOCKS_DIFFER
