"""Reading a page against trafilatura's extraction of the same page."""

from __future__ import annotations

import trafilatura

from armcrawl.reading.page import read_page
from benchmarks.pages import NO_REAL_PAGES, Sent, own_pages, real_pages
from benchmarks.report import PROCESSOR, Figure, not_measured, ratio
from benchmarks.timing import in_turns, timed

MOST = 1 / 10
# Every twentieth article in each of the four markups: some 85 pages, of all lengths, two seconds a round.
STEP = 20
# Real pages that are no articles (home pages, lists) are longer by far: one of three takes as long as all articles do.
STEP_OF_OTHERS = 3
# Real pages are long, and fewer rounds of them tell as much; five are the fewest that tell an interval.
ROUNDS, ROUNDS_OF_REAL = 15, 7


def reading() -> list[Figure]:
    """Compare over all markups, and over real pages, articles and others apart, as lists are another kind of work."""
    return [
        _compared("the sample's markups", own_pages(STEP), ROUNDS),
        _compared("real articles", real_pages("articles"), ROUNDS_OF_REAL),
        _compared("real pages that are no articles", real_pages("others", STEP_OF_OTHERS), ROUNDS_OF_REAL),
    ]


def _compared(what: str, pages: list[Sent], rounds: int) -> Figure:
    name = f"read_page against trafilatura, {what}"
    if not pages:
        return not_measured(name, NO_REAL_PAGES, MOST)

    def read() -> None:
        for page in pages:
            read_page(page.body, page.address, page.fetched_at, "text/html")

    def extract() -> None:
        for page in pages:
            trafilatura.bare_extraction(page.text, with_metadata=True)

    # The first pages fill caches and import what is imported late.
    read()
    taken = in_turns(rounds, {"ours": lambda: timed(read), "theirs": lambda: timed(extract)})
    return ratio(name, taken["ours"], taken["theirs"], MOST, by=PROCESSOR)
