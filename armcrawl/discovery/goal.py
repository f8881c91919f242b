"""What a backfill is to bring: ids, days, all, or the addresses of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl.errors import UsageError
from armcrawl.sites import determines_address, identify_for, key_by_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from armcrawl.sites import PageKey, Site

# What says it: the settings ARMCRAWL_IDS and so on, and arguments of the spider.
NAMES = ("ids", "since", "until", "urls", "all")
RANGE = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


@dataclass(frozen=True, slots=True)
class Goal:
    """One of four: ids as pairs of first and last, days (both included), pages with their addresses, or everything."""

    ids: tuple[tuple[int, int], ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    keys: Mapping[PageKey, str] = field(default_factory=dict)

    @property
    def has_days(self) -> bool:
        """Whether the ids are to be found by their articles' dates."""
        return self.first_day is not None or self.last_day is not None

    def in_words(self) -> str:
        """Return the goal as a person would say it."""
        if self.ids:
            return "ids " + ", ".join(f"{first}-{last}" for first, last in self.ids)
        if self.has_days:
            return " ".join(
                f"{word} {day}"
                for word, day in (("since", self.first_day), ("until", self.last_day))
                if day is not None
            )
        return f"{len(self.keys)} addresses" if self.keys else "all"


def is_setting_on(settings: Mapping[str, Any], name: str) -> bool:
    """Tell whether a setting is on; on a command line of Scrapy's it is text."""
    return str(settings.get(name) or "").lower() in {"1", "true"}


def goal_of(settings: Mapping[str, Any], site: Site) -> Goal | None:
    """Read a site's goal from settings; None for a plain crawl. Raises UsageError for what is none."""
    if is_setting_on(settings, "ARMCRAWL_ALL"):
        return Goal()
    if written := settings.get("ARMCRAWL_IDS"):
        return Goal(ids=ranges_of(str(written)))
    if path := settings.get("ARMCRAWL_URLS"):
        return Goal(keys=_keys(Path(str(path)), site))
    first, last = _day(settings, "ARMCRAWL_SINCE"), _day(settings, "ARMCRAWL_UNTIL")
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise UsageError(f"--since {first} is after --until {last}.")
    return Goal(first_day=first, last_day=last)


def ranges_of(written: str) -> tuple[tuple[int, int], ...]:
    """Read ranges of ids, parted by commas; raises UsageError for what is none."""
    return tuple(_range(part.strip()) for part in written.split(","))


def _range(text: str) -> tuple[int, int]:
    match = RANGE.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last:
        raise UsageError(f"{text!r} is no range of ids: write 9911, or 1-30000, or several parted by commas.")
    return first, last


def _day(settings: Mapping[str, Any], name: str) -> date | None:
    written = settings.get(name)
    if not written:
        return None
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise UsageError(f"{written!r} is no day: write 2016-05-31.") from error


def addresses_in(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the addresses of a file, one a line, with the line's number; empty lines and those with # are left out.

    Raises UsageError for a file that cannot be read, or is no UTF-8 text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"{path} cannot be read: {said}.") from error
    for number, line in enumerate(lines, 1):
        address = line.strip()
        if address and not address.startswith("#"):
            yield number, address


def take(pages: dict[PageKey, str], key: PageKey, address: str) -> None:
    """Add a page to others: one whose key another page has gets a key of its address."""
    if key in pages and not determines_address(key) and pages[key] != address:
        key = key_by_address(key, address)
    pages.setdefault(key, address)


def _keys(path: Path, site: Site) -> dict[PageKey, str]:
    """Read the addresses of article pages in a file."""
    keys: dict[PageKey, str] = {}
    for number, address in addresses_in(path):
        key = identify_for(site, address)
        if key is None:
            raise UsageError(f"{path}, line {number}: {address} is no address of an article.")
        take(keys, key, address)
    if not keys:
        raise UsageError(f"{path} holds no address.")
    return keys
