"""One page as `inspect` and `trial` show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.items import Article, NotAnArticle, Outcome, Reading
from armcrawl.reading.answer import OUTCOMES
from armcrawl.refining import refine
from armcrawl.sites import site_of

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Result:
    """A reading and what refining made of it; `fault` is why it would go to quarantine."""

    reading: Reading
    article: Article | None
    fault: str | None

    @property
    def outcome(self) -> str:
        """`article`, the reason why it is none, or why it would go to quarantine."""
        if self.fault is not None:
            return f"quarantined: {self.fault}"
        result = self.reading.result
        if not isinstance(result, NotAnArticle):
            return "article"
        is_kept = OUTCOMES[result.reason] is Outcome.QUARANTINED
        return f"quarantined: {result.reason}: {result.detail}" if is_kept else str(result.reason)

    def as_json(self) -> dict[str, Any]:
        """The line that `inspect --jsonl` writes."""
        article = self.article
        if article is None:
            empty: dict[str, Any] = {"title": None, "published_on": None, "body": None, "tags": [], "attribution": None}
            return {**empty, "outcome": self.outcome, "charset": self.reading.charset}
        return {
            "title": article.title,
            "published_on": article.published.printed if article.published else None,
            "body": article.body,
            "tags": [{"printed": tag.printed, "name": tag.name, "address": tag.address} for tag in article.tags],
            "attribution": article.attribution.line if article.attribution else None,
            "outcome": self.outcome,
            "charset": self.reading.charset,
        }


def refine_reading(reading: Reading, fetched_at: datetime, address: str) -> Result:
    """Run the pipelines' pure chain over what was read at the site's own address."""
    if isinstance(reading.result, NotAnArticle):
        return Result(reading, None, None)
    refined = refine(reading.result, fetched_at, site_of(address))
    return Result(reading, refined.article, refined.fault)
