"""A search as a feed of Atom (RFC 4287): whoever subscribes to its address sees what is new in it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from lxml import etree
from lxml.builder import ElementMaker

from armcrawl.analysis.serving.visible_text import visible
from armcrawl.store.queries.found_rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from armcrawl.analysis.serving.search_request import SearchRequest

ATOM = "http://www.w3.org/2005/Atom"
make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
# Ids stay the same whatever the server is called (RFC 4151).
AUTHORITY = "tag:armcrawl,2026:"
# Characters of a summary: a paragraph.
MAX_SUMMARY = 1_000
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
        """Return an article; its time of publication only where one is printed."""
        beginning = row["lead"] or row["body"].partition("\n\n")[0]
        day = f"{row['published_on']:%d.%m.%Y}. " if row["published_on"] and row["date_precision"] == "day" else ""
        entry = make.entry(
            make.title(_text(row["title"])),
            make.id(AUTHORITY + quote(f"article/{row['key']}")),
            make.updated(_moment(row["created_at"])),
            make.link(rel="alternate", type="text/html", href=f"{self.site}/article/{quote(row['key'])}"),
            make.link(rel="via", type="text/html", href=_text(row["address"])),
            make.summary(_text(day + beginning[:MAX_SUMMARY])),
        )
        if row["published_at"]:
            entry.append(make.published(_moment(row["published_at"])))
        if author := row["author"] or row["source"]:
            entry.append(make.author(make.name(_text(author))))
        return entry


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _text(text: str) -> str:
    """Return a text as XML may hold it."""
    return visible(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
