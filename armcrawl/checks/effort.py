"""The requests that a run needed for each article: more if the site redirects, or fails at first."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.checks.breaches import Breach
from armcrawl.sites.judged import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# In runs with fewer articles most requests are for the home page, listings and probes.
MIN_ARTICLES = 50
# A single earlier run may have covered one stretch of the archive only.
MIN_EARLIER_RUNS = 2
# Times the median: a redirect before each page doubles the requests, while retries and probes vary by far less than
# half.
MAX_RISE = 1.5


@dataclass(frozen=True, slots=True)
class Effort:
    """The requests of a run, those of them for pages without an article (`holes`), and the articles it brought."""

    requests: int
    holes: int
    articles: int

    @property
    def per_article(self) -> float:
        """Requests for each article, without those for holes, whose number depends on the ids and not on the server."""
        return (self.requests - self.holes) / self.articles

    @property
    def is_telling(self) -> bool:
        """Whether the run has enough articles to be compared."""
        return self.articles >= MIN_ARTICLES


@dataclass(frozen=True, slots=True)
class EffortBreach(Breach):
    """A run with more requests for each article than earlier ones: `pages` are its requests, `of` its articles."""

    def __str__(self) -> str:
        low, high = self.usual or (0.0, 0.0)
        return (
            f"{self.measure}: {self.pages} requests for {self.of} articles ({self.pages / self.of:.2f} each), "
            f"usually {low:.2f} to {high:.2f}"
        )


def judge_effort(effort: Effort, earlier: Sequence[Effort]) -> EffortBreach | None:
    """Return a breach if a run took over MAX_RISE times as many requests an article as the median of earlier ones.

    It is None if this run, or more than all but one of the earlier ones, have too few articles.
    """
    usual = [one.per_article for one in earlier if one.is_telling]
    if not effort.is_telling or len(usual) < MIN_EARLIER_RUNS or effort.per_article <= MAX_RISE * median(usual):
        return None
    asked = effort.requests - effort.holes
    value = f"{effort.per_article:.2f}"
    return EffortBreach(REQUESTS, value, asked, effort.articles, (min(usual), max(usual)), (), "")


def breach_from_json(stored: Mapping[str, Any]) -> Breach:
    """Return the breach that is stored in a run's record, whichever check found it."""
    return (EffortBreach if stored["measure"] == REQUESTS else Breach).from_json(stored)
