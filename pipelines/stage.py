"""What all stages share: a page comes in refined, and what was noted of it on the way is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from armcrawl.crawling.run_extension import RunExtension, run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from armcrawl.items import Page


class CountingStage:
    """Counts what a stage of refining noted of a page's article; `subjects` are what its notes begin with."""

    subjects: ClassVar[tuple[str, ...]]

    def __init__(self, run: RunExtension) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Count in the crawler's run."""
        return cls(run_of(crawler))

    def process_item(self, item: Page) -> Page:
        """Count, and hand the page on as it is."""
        for note in item.article.notes if item.article is not None else ():
            if note.partition("/")[0] in self.subjects:
                self.run.count(note)
        return item
