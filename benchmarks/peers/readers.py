"""Readers of pages, ours and others', behind one protocol: `python -m benchmarks.peers.readers NAME`.

Each is called as its own documentation advises for articles in Russian. It gets the page's text, as others take it;
ours alone takes bytes, and decodes them.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.serving import memory, serve, timed

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = dict[str, Any]
    Reader = Callable[[str, str, str], Answer]


def trafilatura() -> Reader:
    """Return trafilatura as it is set: `favor_precision` leaks a third less, and loses eight sentences of a hundred."""
    from trafilatura import bare_extraction

    def read(html: str, url: str, _: str) -> Answer:
        found: Any = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        return answer(found.title, found.date, found.text, found.tags) if found else answer()

    return read


def newspaper4k() -> Reader:
    """Return newspaper4k, told that the language is Russian."""
    from newspaper import Article

    def read(html: str, url: str, _: str) -> Answer:
        found = Article(url, language="ru", fetch_images=False)
        found.download(input_html=html)
        found.parse()
        return answer(found.title, _day(found.publish_date), found.text, found.tags)

    return read


def news_please() -> Reader:
    """Return the extractor of news-please, which asks newspaper4k, readability and finders of its own."""
    from newsplease import NewsPlease

    def read(html: str, url: str, _: str) -> Answer:
        found = NewsPlease.from_html(html, url=url, fetch_images=False)
        return answer(found.title, _day(found.date_publish), found.maintext)

    return read


def readability() -> Reader:
    """Return readability-lxml, with its text as lxml tells it."""
    from lxml.html import fromstring
    from readability import Document

    def read(html: str, _: str, __: str) -> Answer:
        found = Document(html)
        return answer(found.short_title(), None, fromstring(found.summary(html_partial=True)).text_content())

    return read


def resiliparse() -> Reader:
    """Return the main content that resiliparse finds, and `<title>`, as it knows no headline."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: str, _: str, __: str) -> Answer:
        tree = HTMLTree.parse(html)
        return answer(tree.title, None, extract_plain_text(tree, main_content=True, alt_texts=False))

    return read


def read_page() -> Reader:
    """Return our reading of a page, as found: no dates, no names."""
    from armcrawl.reading.page import read_page as ours

    def read(html: str, url: str, fetched_at: str) -> Answer:
        found = ours(html.encode(), url, datetime.fromisoformat(fetched_at), "text/html; charset=utf-8").article
        return answer(found.title, None, "\n".join(found.paragraphs)) if found else answer()

    return read


def understand() -> Reader:
    """Return all that a crawl makes of a page: decoded, read, and refined with dates, names, kinds and fingerprint."""
    from armcrawl.reading.response import SiteResponse
    from armcrawl.refining.pages import understand as ours

    def read(html: str, url: str, fetched_at: str) -> Answer:
        moment = datetime.fromisoformat(fetched_at)
        refined = ours(SiteResponse(url, 200, moment, html.encode(), "text/html; charset=utf-8")).refined
        if refined is None or refined.fault is not None:
            return answer()
        found = refined.article
        day = found.published.date.isoformat() if found.published else None
        return answer(found.title, day, found.body, [tag.printed for tag in found.tags])

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "read_page": read_page,
    "understand": understand,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
}


def answer(title: str | None = None, day: str | None = None, body: str | None = None, tags: Any = None) -> Answer:
    """Return a reading as judges take it: no text is no article."""
    outcome = "article" if (body or "").strip() else "nothing"
    return {"title": title, "published_on": day, "body": body, "tags": list(tags or ()), "outcome": outcome}


def _day(found: datetime | str | None) -> str | None:
    return found.isoformat() if isinstance(found, datetime) else found


def main() -> None:
    """Answer `read` with a reading, and `round` with what it takes to read all pages of a file."""
    reader = READERS[sys.argv[1]]()
    pages: dict[str, list[Answer]] = {}

    errors: list[str] = []

    def read(html: str, url: str, fetched_at: str) -> Answer:
        try:
            return reader(html, url, fetched_at)
        except Exception as error:  # noqa: BLE001 - a page that breaks a reader is one that it does not read
            errors.append(f"{type(error).__name__}: {error}")
            return answer()

    def all_of(file: str) -> Answer:
        if file not in pages:
            pages[file] = json.loads(Path(file).read_text(encoding="utf-8"))
        errors.clear()
        return timed(lambda: [read(**page) for page in pages[file]]) | {"errors": len(errors)}

    serve({"read": read, "round": all_of, "memory": memory})


if __name__ == "__main__":
    main()
