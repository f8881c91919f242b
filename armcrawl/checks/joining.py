"""Whether so many can be one: large clusters, days that join far more than usual, tags of one address.

What cannot be judged is told as well: no doubt does not mean then that all is plausible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.checks.breaches import EXAMPLES, MIN_PAGES
from armcrawl.checks.chance import SectionPages, tail
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
    """A day's articles of a run: how many there are, and the keys of those whose text stands on another page."""

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
    """Yield a sentence for each cluster and day that is not plausible.

    `usual` is how many of the site's earlier articles are in clusters, without this run, and how many there are.
    """
    for one in clusters:
        if one.articles > MAX_CLUSTER:
            span = f" from {one.first_on} to {one.last_on}" if one.first_on and one.last_on else ""
            yield f"cluster {one.key} holds {one.articles} articles{span}: texts of one template?"
    for day in days:
        stratum = SectionPages(day.articles, *usual)
        if _is_judged(day, usual) and tail(len(day.joined), [stratum]) < RARE:
            examples = ", ".join(day.joined[:EXAMPLES])
            said = f"of {day.articles} articles of {day.day} {len(day.joined)} joined clusters"
            yield f"{said}, usually {stratum.share:.0%}, e.g. {examples}"


def unjudged_of(days: Sequence[DaySeen], usual: tuple[int, int]) -> str | None:
    """Return what of days that joined clusters cannot be compared with what is usual, and why; None if all was."""
    unjudged = [day for day in days if day.joined and not _is_judged(day, usual)]
    if not unjudged:
        return None
    few = f"none of these days has {MIN_PAGES} articles"
    enough = f"the site had {usual[1]} earlier articles, and {MIN_EARLIER} are needed"
    why = enough if usual[1] < MIN_EARLIER else few
    joined, number = sum(len(day.joined) for day in unjudged), len(unjudged)
    which = f"{joined} of {number} day{'s' * (number > 1)}"
    return f"whether more articles than usual joined clusters ({which}): {why}"


def _is_judged(day: DaySeen, usual: tuple[int, int]) -> bool:
    return usual[1] >= MIN_EARLIER and day.articles >= MIN_PAGES
