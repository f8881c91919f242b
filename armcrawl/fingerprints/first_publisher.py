"""Who published a text first, judged by links, attributions, dates, and which text contains the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.items import PublisherEvidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

# The confidence that each kind of evidence gives, from 0 to 1. A link to the original is nearly certain, a date may be
# set by hand, and a text that contains the others may itself be a copy of something longer.
CONFIDENCE = {
    PublisherEvidence.LINK: 0.95,
    PublisherEvidence.ATTRIBUTION: 0.9,
    PublisherEvidence.TIME: 0.85,
    PublisherEvidence.DAY: 0.8,
    PublisherEvidence.LENGTH: 0.55,
    PublisherEvidence.TIE: 0.0,
}
# The highest confidence if the dates contradict a link or an attribution, as then one of them is wrong.
CONTRADICTED = 0.6
# Digits of `Member.holds` that are compared: a difference of less than a hundredth of a text is a corrected typo.
HOLDING_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a cluster.

    `has_day` tells whether `published_on` is exact to the day, `published_at` is the printed time with its zone.
    `links` are the addresses that it links to, `sources` the keys of the sources that it names, `holds` the mean share
    of the other articles' texts that it contains, from 0 to 1.
    """

    key: str
    site: str
    published_on: date | None
    has_day: bool
    published_at: datetime | None
    address: str
    links: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    holds: float = 0.0


@dataclass(frozen=True, slots=True)
class First:
    """The key of the first publisher (None for a tie), the evidence, its confidence (0 to 1), and the tied keys."""

    key: str | None
    reason: PublisherEvidence
    confidence: float
    tied: tuple[str, ...] = ()


def first_publisher(members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> First:
    """Return which of several articles with the same text was published first.

    `names_of_site` has for each site the keys of sources by which attributions name it. Each kind of evidence in turn
    excludes articles; the one that leaves a single article is the reason, and the weakest that excluded any gives the
    confidence.
    """
    steps: tuple[tuple[PublisherEvidence, Callable[[Sequence[Member]], list[Member]]], ...] = (
        (PublisherEvidence.LINK, lambda left: _without_links(left, members)),
        (
            PublisherEvidence.ATTRIBUTION,
            lambda left: [one for one in left if not _names_another(one, members, names_of_site)],
        ),
        (PublisherEvidence.DAY, lambda left: _earliest(left, _on_earlier_day)),
        (PublisherEvidence.TIME, lambda left: _earliest(left, _earlier_that_day)),
        (PublisherEvidence.LENGTH, _holding_most),
    )
    left, used = list(members), [PublisherEvidence.TIE]
    for reason, narrow in steps:
        found = narrow(left)
        if 0 < len(found) < len(left):
            left = found
            used.append(reason)
        if len(left) == 1:
            return First(left[0].key, used[-1], _confidence(left[0], members, used[1:]))
    return First(
        None, PublisherEvidence.TIE, CONFIDENCE[PublisherEvidence.TIE], tuple(sorted(member.key for member in left))
    )


def evidence_against(
    member: Member, first: Member, names_of_site: Mapping[str, frozenset[str]]
) -> tuple[PublisherEvidence, ...]:
    """Return by what an article tells itself that another one of its cluster was before it, the most reliable first."""
    is_so = {
        PublisherEvidence.LINK: first.address in member.links,
        PublisherEvidence.ATTRIBUTION: first.site != member.site and _names_another(member, (first,), names_of_site),
        PublisherEvidence.DAY: _on_earlier_day(first, member),
        PublisherEvidence.TIME: _earlier_that_day(first, member),
        PublisherEvidence.LENGTH: round(first.holds, HOLDING_DIGITS) > round(member.holds, HOLDING_DIGITS),
    }
    return tuple(evidence for evidence, holds in is_so.items() if holds)


def _confidence(first: Member, members: Sequence[Member], used: Sequence[PublisherEvidence]) -> float:
    is_latecomer = first not in _earliest(members, _on_earlier_day)
    surest = CONTRADICTED if is_latecomer else max(CONFIDENCE.values())
    return min([surest, *(CONFIDENCE[reason] for reason in used)])


def _without_links(left: Sequence[Member], members: Sequence[Member]) -> list[Member]:
    """Return the articles that link to no other article of the cluster."""
    return [one for one in left if not one.links & {other.address for other in members if other is not one}]


def _names_another(member: Member, members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether an attribution names the site of another article of the cluster."""
    others = {other.site for other in members} - {member.site}
    return any(member.sources & names_of_site.get(site, frozenset()) for site in others)


def _earliest(members: Sequence[Member], is_earlier: Callable[[Member, Member], bool]) -> list[Member]:
    """Return the members than which no other is certainly earlier; one without an exact day may be."""
    return [member for member in members if not any(is_earlier(other, member) for other in members)]


def _on_earlier_day(one: Member, other: Member) -> bool:
    if one.published_on is None or other.published_on is None or not (one.has_day and other.has_day):
        return False
    return one.published_on < other.published_on


def _earlier_that_day(one: Member, other: Member) -> bool:
    return one.published_at is not None and other.published_at is not None and one.published_at < other.published_at


def _holding_most(members: Sequence[Member]) -> list[Member]:
    """Return the members whose text contains most of the others, as shortened copies come later."""
    most = max(round(member.holds, HOLDING_DIGITS) for member in members)
    return [member for member in members if round(member.holds, HOLDING_DIGITS) == most]
