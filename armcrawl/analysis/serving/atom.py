"""A search as a feed of Atom (RFC 4287): whoever subscribes to its address sees what is new in it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, time
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.builder import ElementMaker

from armcrawl.analysis.serving.visible_text import visible
from armcrawl.sites import known_sites
from armcrawl.store.queries.found_rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.analysis.serving.search_request import SearchRequest

ATOM = "http://www.w3.org/2005/Atom"
make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
# Ids stay the same whatever the server is called (RFC 4151).
AUTHORITY = "tag:armcrawl,2026:"
# Characters of a summary: a paragraph.
MAX_SUMMARY = 1_000
# A reader of feeds asks again and again, and has read what is older: as many as a busy month brings.
MAX_ENTRIES = 100
# How a day is written of which no more than this is known.
DAY_FORMATS = {"day": "%d.%m.%Y", "month": "%m.%Y", "year": "%Y"}
NAMES = (*COLUMNS, "created_at")


class Feed:
    """Writes a feed, entry by entry; `last` is when the newest of them was written."""

    def __init__(self, file: IO[bytes], wanted: SearchRequest, site: str, last: datetime) -> None:
        self.site = site
        self.stack = ExitStack()
        self.xml = self.stack.enter_context(etree.xmlfile(file, encoding="utf-8"))
        self.xml.write_declaration()
        self.stack.enter_context(self.xml.element(f"{{{ATOM}}}feed", nsmap={None: ATOM}))
        own = wanted.as_file("atom")
        for element in (
            make.title(_text(f"{wanted.words} — armcrawl" if wanted.words else "Статьи — armcrawl")),
            make.id(AUTHORITY + own.removeprefix("/")),
            make.updated(_moment(last)),
            make.author(make.name("armcrawl")),
            make.link(rel="self", type="application/atom+xml", href=site + own),
            make.link(rel="alternate", type="text/html", href=site + wanted.address),
        ):
            self.xml.write(element)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write some entries."""
        for row in rows:
            self.xml.write(self._entry(dict(zip(NAMES, row, strict=True))))
        self.xml.flush()

    def close(self) -> None:
        """End the feed."""
        self.stack.close()

    def _entry(self, row: dict[str, Any]) -> etree._Element:
        """Return an article."""
        beginning = row["lead"] or row["body"].partition("\n\n")[0]
        precision = DAY_FORMATS.get(row["date_precision"])
        day = f"{row['published_on']:{precision}}. " if row["published_on"] and precision else ""
        entry = make.entry(
            make.title(_text(row["title"])),
            make.id(AUTHORITY + quote(f"article/{row['key']}")),
            make.updated(_moment(row["created_at"])),
            make.link(rel="alternate", type="text/html", href=f"{self.site}/article/{quote(row['key'])}"),
            make.link(rel="via", type="text/html", href=_text(row["address"])),
            make.summary(_text(day + beginning[:MAX_SUMMARY])),
        )
        if published := _published(row):
            entry.append(make.published(_moment(published)))
        if author := row["author"] or row["source"]:
            entry.append(make.author(make.name(_text(author))))
        return entry


def _published(row: dict[str, Any]) -> datetime | None:
    """Return the printed time, or else the beginning of what is printed, in the site's zone; None without a date.

    Without it, readers would show an article of 2013 under the day on which it was stored.
    """
    if row["published_at"] or not row["published_on"]:
        return cast("datetime | None", row["published_at"])
    site = known_sites().get(row["site"])
    zone = ZoneInfo(site.zone) if site else UTC
    return datetime.combine(row["published_on"], time(), zone)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _text(text: str) -> str:
    """Return a text as XML may hold it."""
    return visible(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
