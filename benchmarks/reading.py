"""Reading a page against trafilatura's extraction of the same page."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from statistics import mean
from typing import TYPE_CHECKING

import trafilatura

from armcrawl.reading import read_page
from armcrawl.sample.articles import load_sample
from armcrawl.sample.portal import MARKUPS, Portal
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1 / 8
# Every fifth article of each markup: some 85 pages, enough for a steady mean.
STEP = 5
ROUNDS = 5
FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)


def reading() -> list[Figure]:
    """Compare the mean over the four markups, the best of some rounds in turn."""
    articles = list(load_sample().articles.values())[::STEP]
    ours, theirs = [], []
    for markup, charset in MARKUPS.items():
        portal = Portal(markup)
        pages = [(portal.render_article(article, date(2026, 11, 23)), article.key.address) for article in articles]
        texts = [body.decode(charset) for body, _ in pages]

        def read(pages: list[tuple[bytes, str]] = pages) -> None:
            for body, url in pages:
                read_page(body, url, FETCHED_AT, "text/html")

        def extract(texts: list[str] = texts) -> None:
            for text in texts:
                trafilatura.bare_extraction(text, with_metadata=True)

        times = [(seconds(read), seconds(extract)) for _ in range(ROUNDS)]
        ours.append(min(time for time, _ in times) / len(pages))
        theirs.append(min(time for _, time in times) / len(pages))
        print(f"  {markup}: read_page {ours[-1] * 1000:.2f} ms, trafilatura {theirs[-1] * 1000:.2f} ms")
    return [Figure("read_page against trafilatura", mean(ours) / mean(theirs), MOST)]


def seconds(run: Callable[[], None]) -> float:
    """Return the processor time of a run, which other programs on the machine do not change."""
    before = time.process_time()
    run()
    return time.process_time() - before
