"""One page as `inspect` and `trial` show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.items import Article, NotAnArticle, Outcome, Reading, Reason
from armcrawl.reading.decoding import UndecodableError
from armcrawl.reading.response import OUTCOMES, failure_of
from armcrawl.refining.pages import understand

if TYPE_CHECKING:
    from armcrawl.reading.response import SiteResponse
    from armcrawl.refining.pages import Understood


@dataclass(frozen=True, slots=True)
class Result:
    """A reading and what refining made of it.

    `failure` is why it says nothing of its page, `fault` why it would go to quarantine.
    """

    reading: Reading
    article: Article | None = None
    fault: str | None = None
    failure: str | None = None

    @property
    def outcome(self) -> str:
        """`article`, the reason why it is none, why it would go to quarantine, or that the request failed."""
        if self.failure is not None:
            return f"failed: {self.failure}"
        if self.fault is not None:
            return f"quarantined: {self.fault}"
        result = self.reading.result
        if not isinstance(result, NotAnArticle):
            return "article"
        is_kept = OUTCOMES[result.reason] is Outcome.QUARANTINED
        return f"quarantined: {result.reason}: {result.detail}" if is_kept else str(result.reason)

    @property
    def is_blocked(self) -> bool:
        """Whether the site did not show the page itself: the request failed, or a wall stands before it."""
        result = self.reading.result
        return self.failure is not None or (
            isinstance(result, NotAnArticle) and OUTCOMES[result.reason] is Outcome.FAILED
        )

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


def result_of(understood: Understood) -> Result:
    """Return what is shown of an answer that was understood."""
    refined = understood.refined
    if failure := failure_of(understood.response):
        return Result(understood.reading, failure=failure)
    return Result(understood.reading) if refined is None else Result(understood.reading, refined.article, refined.fault)


def result_from(response: SiteResponse, requested: str | None = None) -> Result:
    """Return what is shown of an answer; one that cannot be unpacked goes to quarantine, as in an import."""
    try:
        return result_of(understand(response, requested))
    except UndecodableError as error:
        return Result(Reading(NotAnArticle(Reason.GARBLED, str(error))))
