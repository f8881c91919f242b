"""The index of a web archive: which captures it has of a site's pages.

Spoken by the Internet Archive (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server) and by
pywb (https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html), each in its own JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from armcrawl import clock
from armcrawl.archive.moments import FIRST_PAGE, is_future, moment_of
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

DIGITS = re.compile(r"\d{14}", re.ASCII)
# A capture's time, what the archive is to do with it, and its address, of which some servers drop a slash.
CAPTURE = re.compile(r"/(\d{4,14})(?:[a-z]{2}_)?/(https?:)/{1,2}([^/].*)", re.ASCII)
INTERNET_ARCHIVE = "https://web.archive.org"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One capture that a web archive has."""

    url: str
    timestamp: str
    digest: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class WebArchive:
    """A server with an index and the captures: the Internet Archive, or a collection of a pywb."""

    url: str

    def index_address(self, prefix: str) -> str:
        """Return where the index tells of all addresses that begin so."""
        query = urlencode({"url": prefix, "matchType": "prefix", "output": "json"})
        path = "/cdx/search/cdx" if self.url == INTERNET_ARCHIVE else "/cdx"
        return f"{self.url}{path}?{query}"

    def capture_address(self, entry: IndexEntry) -> str:
        """Return where a capture is, as it was received."""
        path = "/web" if self.url == INTERNET_ARCHIVE else ""
        return f"{self.url}{path}/{entry.timestamp}id_/{entry.url}"


def came(address: str, entry: IndexEntry) -> IndexEntry | None:
    """Return which capture came, wherever an archive led that was asked for one; None if it is none."""
    found = CAPTURE.search(address)
    moment = moment_of(found[1]) if found is not None else None
    if found is None or moment is None or not is_possible(moment):
        return None
    return entry if moment == entry.fetched_at else IndexEntry(f"{found[2]}//{found[3]}", found[1], "", moment)


def is_possible(moment: datetime) -> bool:
    """Tell whether anything can have been captured at a moment: neither before the web nor in the future."""
    return moment >= FIRST_PAGE and not is_future(moment, clock.now())


def entries_of(body: bytes) -> Iterator[IndexEntry | None]:
    """Yield the captures of an index with a page in them, None for one of a time that cannot be.

    Errors and redirects are left out. Raises UsageError for what is no index.
    """
    try:
        for row in _rows(body.decode()):
            status = str(row.get("statuscode") or row.get("status") or "")
            timestamp = str(row.get("timestamp") or "")
            url = str(row.get("original") or row.get("url") or "")
            if status == "200" and url:
                moment = moment_of(timestamp) if DIGITS.fullmatch(timestamp) else None
                is_sound = moment is not None and is_possible(moment)
                yield IndexEntry(url, timestamp, str(row.get("digest") or ""), moment) if is_sound and moment else None
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"The answer is no index of a web archive: {error}.") from error


def without_repeats(entries: Iterable[IndexEntry]) -> Iterator[IndexEntry]:
    """Leave out captures that bring nothing new: the same digest as the one before, by time."""
    last = None
    for entry in sorted(entries, key=lambda entry: entry.timestamp):
        if entry.digest != last or not entry.digest:
            yield entry
        last = entry.digest


def _rows(text: str) -> Iterator[dict[str, Any]]:
    """Yield rows: a list of lists whose first names the fields, or an object a line."""
    if text.lstrip().startswith("["):
        table = json.loads(text)
        for row in table[1:]:
            if isinstance(row, list):
                yield dict(zip(table[0], row, strict=False))
        return
    for line in text.splitlines():
        if line.strip():
            yield json.loads(line)
