"""The date that an address holds: many systems file an article under its day."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

YEAR = r"(?:19|20)\d\d"
MONTH = r"(?:0?[1-9]|1[0-2])"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
# At the start of a part of the path only: inside a name («vystavka-12-03-2015») a day is of what it tells.
BY_DAY = re.compile(
    rf"/(?:({YEAR})([/_.-])({MONTH})[/_.-]({DAY})|({YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_-]\w))(?=$|[/_.-])"
)
# «/12/03/2026/», «/12.03.2026/»: whole parts.
BY_DAY_REVERSED = re.compile(rf"/(0[1-9]|[12]\d|3[01])([/.-])(0[1-9]|1[0-2])\2({YEAR})(?=$|/)")
BY_YEAR = re.compile(rf"/({YEAR})(?:/({MONTH}))?(?=/)")


class Filed(NamedTuple):
    """The year under which a page is filed, its month and its day as far as the address tells."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str | None:
        """The whole date as ISO 8601 writes it, whether or not there is such a day; None if it is not whole."""
        return f"{self.year}-{self.month:02}-{self.day:02}" if self.month and self.day else None


def filed_under(address: str) -> Filed | None:
    """Return the date in the path of an address, or None."""
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
