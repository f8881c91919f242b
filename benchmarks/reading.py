"""Reading a page against trafilatura's extraction of the same page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import trafilatura

from armcrawl.reading.page import read_page
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from armcrawl.sites import address_of
from benchmarks.report import PROCESSOR, Figure, ratio
from benchmarks.timing import in_turns, timed

MOST = 1 / 8
# Every twentieth article in each of the four markups: some 85 pages, of all lengths, two seconds a round.
STEP = 20
ROUNDS = 15
FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)


def reading() -> list[Figure]:
    """Compare over all markups."""
    pages = [
        (portal.render_article(article, date(2026, 11, 23)), address_of(article.key), charset)
        for portal, charset in ((Portal(markup), charset) for markup, charset in MARKUPS.items())
        for article in list(load_sample().articles.values())[::STEP]
    ]
    texts = [body.decode(charset) for body, _, charset in pages]

    def read() -> None:
        for body, url, _ in pages:
            read_page(body, url, FETCHED_AT, "text/html")

    def extract() -> None:
        for text in texts:
            trafilatura.bare_extraction(text, with_metadata=True)

    # The first pages fill caches and import what is imported late.
    read()
    taken = in_turns(ROUNDS, {"ours": lambda: timed(read), "theirs": lambda: timed(extract)})
    return [ratio("read_page against trafilatura", taken["ours"], taken["theirs"], MOST, by=PROCESSOR)]
