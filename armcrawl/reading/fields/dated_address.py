"""The date in an address: many systems file an article under its day."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

YEAR = r"(?:19|20)\d\d"
MONTH = r"(?:0?[1-9]|1[0-2])"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
# Only at the beginning of a segment of the path: inside a slug («vystavka-12-03-2015») it is the date of an event.
BY_DAY = re.compile(
    rf"/(?:({YEAR})([/_.-])({MONTH})[/_.-]({DAY})|({YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_-]\w))(?=$|[/_.-])"
)
# «/12/03/2026/», «/12.03.2026/»: whole segments only.
BY_DAY_REVERSED = re.compile(rf"/(0[1-9]|[12]\d|3[01])([/.-])(0[1-9]|1[0-2])\2({YEAR})(?=$|/)")
BY_YEAR = re.compile(rf"/({YEAR})(?:/({MONTH}))?(?=/)")


class Filed(NamedTuple):
    """The year under which a page is filed, and the month and the day if the address has them."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str | None:
        """The date in ISO 8601, not checked against the calendar; None without month or day."""
        return f"{self.year}-{self.month:02}-{self.day:02}" if self.month and self.day else None


def filed_under(address: str) -> Filed | None:
    """Return the date in the path of an address; None if there is none, or the text is no address."""
    try:
        path = urlsplit(address).path
    except ValueError:  # no address at all
        return None
    if found := BY_DAY.search(path):
        return Filed(int(found[1] or found[5]), int(found[3] or found[6]), int(found[4] or found[7]))
    if found := BY_DAY_REVERSED.search(path):
        return Filed(int(found[4]), int(found[3]), int(found[1]))
    if found := BY_YEAR.search(path):
        return Filed(int(found[1]), int(found[2]) if found[2] else None)
    return None
