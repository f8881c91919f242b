"""What the counting stages share: they count the notes that refining made on an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from armcrawl.crawling.run_extension import RunExtension, run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from armcrawl.items import Page


class CountingStage:
    """Counts the notes on a page's article that begin with one of the `subjects`, as `date` in `date/missing`."""

    subjects: ClassVar[tuple[str, ...]]

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's run."""
        return cls(run_of(crawler))

    def process_item(self, item: Page) -> Page:
        """Count the notes on the page's article, and return the page unchanged."""
        for note in item.article.notes if item.article is not None else ():
            if note.partition("/")[0] in self.subjects:
                self.run.count(note)
        return item
