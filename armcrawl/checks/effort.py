"""How much a run had to ask for: a site that redirects, or fails at first, takes more requests an article."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.checks.judging import Breach
from armcrawl.sites.judged import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# Below, the home page, listings and probes of a quiet night are most of what is asked for.
MIN_ARTICLES = 50
# One run may have seen one stretch of the archive only; of two the worse one is nearly usual.
MIN_EARLIER_RUNS = 2
# A redirect to each page doubles the requests; what retries and probes vary by stays far below half.
MAX_RISE = 1.5


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run asked for and got: requests, those of them for pages that have no article, and articles."""

    requests: int
    holes: int
    articles: int

    @property
    def per_article(self) -> float:
        """Requests for each article; what has none is the archive's doing, and what failed is tried again anyway."""
        return (self.requests - self.holes) / self.articles

    @property
    def is_telling(self) -> bool:
        """Whether there are enough articles to tell."""
        return self.articles >= MIN_ARTICLES


@dataclass(frozen=True, slots=True)
class EffortBreach(Breach):
    """A run that took more requests an article than earlier ones: `pages` are its requests, `of` its articles."""

    def __str__(self) -> str:
        low, high = self.usual
        return (
            f"{self.measure}: {self.pages} requests for {self.of} articles ({self.pages / self.of:.2f} each), "
            f"usually {low:.2f} to {high:.2f}"
        )


def judge_effort(effort: Effort, earlier: Sequence[Effort]) -> EffortBreach | None:
    """Return a breach if a run took half as many requests again as the middle one of the earlier ones."""
    usual = [one.per_article for one in earlier if one.is_telling]
    if not effort.is_telling or len(usual) < MIN_EARLIER_RUNS or effort.per_article <= MAX_RISE * median(usual):
        return None
    asked = effort.requests - effort.holes
    value = f"{effort.per_article:.2f}"
    return EffortBreach(REQUESTS, value, asked, effort.articles, (min(usual), max(usual)), (), "")


def breach_from_json(stored: Mapping[str, Any]) -> Breach:
    """Return the breach that a run's record holds, of whichever check."""
    return (EffortBreach if stored["measure"] == REQUESTS else Breach).from_json(stored)
