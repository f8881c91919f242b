"""Who had a text first: by links, attribution, dates, and which text holds the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime


class PublisherEvidence(StrEnum):
    """What tells who had a text first, the surest first."""

    LINK = "link"
    ATTRIBUTION = "attribution"
    TIME = "time"
    DAY = "day"
    LENGTH = "length"
    TIE = "tie"
    SIZE = "size"  # so many articles are a series, not one text
    WAITING = "waiting"  # nobody has looked yet


# How sure each reason makes it: a link to the original is next to certain, a date may be set by hand, and that one
# text holds the others says no more than that they were cut from something like it.
CONFIDENCE = {
    PublisherEvidence.LINK: 0.95,
    PublisherEvidence.ATTRIBUTION: 0.9,
    PublisherEvidence.TIME: 0.85,
    PublisherEvidence.DAY: 0.8,
    PublisherEvidence.LENGTH: 0.55,
    PublisherEvidence.TIE: 0.0,
}
# Where dates say otherwise than a link or an attribution, somebody's clock or memory is wrong.
CONTRADICTED = 0.6
# A hundredth of a text is a mended typo.
HOLDING_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a cluster. `holds` is which share of the others' text is in it, in the mean."""

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
    """Who had it first, None for a tie; among whom it is a tie; why, and how sure that is."""

    key: str | None
    reason: PublisherEvidence
    confidence: float
    tied: tuple[str, ...] = ()


def first_publisher(members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> First:
    """Return who of some articles with one text had it first.

    `names_of_site` are the keys of sources by which a site is named in attributions. Each reason leaves fewer
    articles; the one that leaves a single one is told, and the weakest that was needed says how sure it is.
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


def _confidence(first: Member, members: Sequence[Member], used: Sequence[PublisherEvidence]) -> float:
    is_latecomer = first not in _earliest(members, _on_earlier_day)
    surest = CONTRADICTED if is_latecomer else max(CONFIDENCE.values())
    return min([surest, *(CONFIDENCE[reason] for reason in used)])


def _without_links(left: Sequence[Member], members: Sequence[Member]) -> list[Member]:
    """Return who links to no other article of the cluster."""
    return [one for one in left if not one.links & {other.address for other in members if other is not one}]


def _names_another(member: Member, members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether an attribution names the site of another article of the cluster."""
    others = {other.site for other in members} - {member.site}
    return any(member.sources & names_of_site.get(site, frozenset()) for site in others)


def _earliest(members: Sequence[Member], is_earlier: Callable[[Member, Member], bool]) -> list[Member]:
    """Return the members that nobody was certainly earlier than; who has no day may be earlier or later."""
    return [member for member in members if not any(is_earlier(other, member) for other in members)]


def _on_earlier_day(one: Member, other: Member) -> bool:
    if one.published_on is None or other.published_on is None or not (one.has_day and other.has_day):
        return False
    return one.published_on < other.published_on


def _earlier_that_day(one: Member, other: Member) -> bool:
    return one.published_at is not None and other.published_at is not None and one.published_at < other.published_at


def _holding_most(members: Sequence[Member]) -> list[Member]:
    """Return whose text holds most of the others': what is cut comes later."""
    most = max(round(member.holds, HOLDING_DIGITS) for member in members)
    return [member for member in members if round(member.holds, HOLDING_DIGITS) == most]
