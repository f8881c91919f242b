"""Whether so many articles can have one text: clusters larger than plausible, days that join far more than usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.checks.breaches import EXAMPLES, MIN_PAGES
from armcrawl.checks.chance import Stratum, tail
from armcrawl.checks.judging import RARE
from armcrawl.checks.pictures import MIN_EARLIER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

# The whole trade prints one text some twenty times: what is larger was most likely made from one template.
MAX_CLUSTER = 50


@dataclass(frozen=True, slots=True)
class ClusterSeen:
    """A cluster: its key, how many articles it holds, and the first and the last day of them."""

    key: str
    articles: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class DaySeen:
    """A day's articles of a site: how many there are, and the keys of those whose text stands on another page."""

    day: date
    articles: int
    joined: tuple[str, ...]


def doubts_of(clusters: Sequence[ClusterSeen], days: Sequence[DaySeen], usual: tuple[int, int]) -> Iterator[str]:
    """Yield a sentence for each cluster and day that is not plausible; of all others `usual` tells how many joined."""
    for one in clusters:
        if one.articles > MAX_CLUSTER:
            span = f" from {one.first_on} to {one.last_on}" if one.first_on and one.last_on else ""
            yield f"cluster {one.key} holds {one.articles} articles{span}: texts of one template?"
    joined, others = usual
    if others < MIN_EARLIER:
        return
    for day in days:
        stratum = Stratum(day.articles, joined, others)
        if day.articles >= MIN_PAGES and tail(len(day.joined), [stratum]) < RARE:
            examples = ", ".join(day.joined[:EXAMPLES])
            said = f"of {day.articles} articles of {day.day} {len(day.joined)} joined clusters"
            yield f"{said}, usually {stratum.share:.0%}, e.g. {examples}"
