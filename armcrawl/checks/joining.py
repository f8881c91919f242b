"""Whether so many can be one: large clusters, days that join far more than usual, tags of one address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.checks.chance import Stratum, tail
from armcrawl.checks.judging import EXAMPLES, MIN_EARLIER, MIN_PAGES, RARE

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


@dataclass(frozen=True, slots=True)
class AddressSeen:
    """An address of tags: how many forms link there, which are not of one name, and some of their names."""

    address: str
    forms: int
    names: tuple[str, ...]


def doubt_of_addresses(addresses: Sequence[AddressSeen]) -> Iterator[str]:
    """Yield a sentence if unrelated tags link to one address, with the one that has most of them."""
    if addresses:
        most = max(addresses, key=lambda one: (one.forms, one.address))
        several = f"{len(addresses)} addresses" if len(addresses) > 1 else "one address"
        examples = f"{most.address} ({most.forms}: {', '.join(most.names)})"
        yield f"tags with unrelated names link to {several}, e.g. {examples}: positions or sections? They merge nothing"


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
