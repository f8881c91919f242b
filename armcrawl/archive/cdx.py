"""The index of a web archive: which captures it has of a site's pages.

Spoken by the Internet Archive (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server) and by
pywb (https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html), each in its own JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INTERNET_ARCHIVE = "https://web.archive.org"
TIMESTAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One capture that a web archive has."""

    url: str
    timestamp: str
    digest: str

    @property
    def fetched_at(self) -> datetime:
        """When it was captured, to the second."""
        return datetime.strptime(self.timestamp, TIMESTAMP).replace(tzinfo=UTC)


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


def entries_of(body: bytes) -> Iterator[IndexEntry]:
    """Yield the captures of an index with a page in them: errors and redirects are left out. Raises UsageError."""
    try:
        for row in _rows(body.decode()):
            status = str(row.get("statuscode") or row.get("status") or "")
            timestamp = str(row.get("timestamp") or "")
            url = str(row.get("original") or row.get("url") or "")
            if status == "200" and url and len(timestamp) == len("20160531100000") and timestamp.isdecimal():
                yield IndexEntry(url, timestamp, str(row.get("digest") or ""))
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
            yield dict(zip(table[0], row, strict=False))
        return
    for line in text.splitlines():
        if line.strip():
            yield json.loads(line)
