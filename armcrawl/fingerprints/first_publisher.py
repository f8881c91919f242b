"""Who had a text first: by links, attribution, dates, and which text holds the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime


class Reason(StrEnum):
    """What tells who had a text first, the surest first."""

    LINK = "link"
    ATTRIBUTION = "attribution"
    TIME = "time"
    DAY = "day"
    LENGTH = "length"
    TIE = "tie"


# How sure each reason makes it: a link to the original is next to certain, a date may be set by hand, and that one text holds
# the others says no more than that they were cut from something like it.
CONFIDENCE = {
    Reason.LINK: 0.95,
    Reason.ATTRIBUTION: 0.9,
    Reason.TIME: 0.85,
    Reason.DAY: 0.8,
    Reason.LENGTH: 0.55,
    Reason.TIE: 0.0,
}
# Where dates say otherwise than a link or an attribution, somebody's clock or memory is wrong.
CONTRADICTED = 0.6


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
    reason: Reason
    confidence: float
    tied: tuple[str, ...] = ()


def first_publisher(members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> First:
    """Return who of some articles with one text had it first.

    `names_of_site` are the keys of sources by which a site is named in attributions.
    """
    addresses = {member.address: member.key for member in members}
    told: tuple[tuple[Reason, Callable[[Member], object]], ...] = (
        (Reason.LINK, lambda member: not any(other in addresses for other in member.links - {member.address})),
        (Reason.ATTRIBUTION, lambda member: not _names_another(member, members, names_of_site)),
    )
    left = list(members)
    reason = Reason.TIE
    for next_reason, is_first in told:
        firsts = [member for member in left if is_first(member)]
        if 0 < len(firsts) < len(left):
            left, reason = firsts, next_reason if reason is Reason.TIE else reason
    by_date = _earliest(left)
    if len(by_date) < len(left):
        left = by_date
        is_time = (
            any(member.published_at is not None for member in left) and reason is Reason.TIE and _same_day(members)
        )
        reason = reason if reason is not Reason.TIE else Reason.TIME if is_time else Reason.DAY
    if len(left) > 1:
        longest = max(round(member.holds, 2) for member in left)
        holding = [member for member in left if round(member.holds, 2) == longest]
        if len(holding) < len(left):
            left, reason = holding, reason if reason is not Reason.TIE else Reason.LENGTH
    if len(left) > 1:
        return First(None, Reason.TIE, CONFIDENCE[Reason.TIE], tuple(sorted(member.key for member in left)))
    confidence = CONFIDENCE[reason]
    if reason in (Reason.LINK, Reason.ATTRIBUTION) and left[0] not in _earliest(members):
        confidence = CONTRADICTED
    return First(left[0].key, reason, confidence)


def _names_another(member: Member, members: Sequence[Member], names_of_site: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether an attribution names the site of another article of the cluster."""
    others = {other.site for other in members} - {member.site}
    return any(member.sources & names_of_site.get(site, frozenset()) for site in others)


def _earliest(members: Sequence[Member]) -> list[Member]:
    """Return the members that nobody was certainly earlier than; who has no day may be earlier or later."""
    return [member for member in members if not any(_is_earlier(other, member) for other in members)]


def _is_earlier(one: Member, other: Member) -> bool:
    if one.published_on is None or other.published_on is None or not (one.has_day and other.has_day):
        return False
    if one.published_on != other.published_on:
        return one.published_on < other.published_on
    return one.published_at is not None and other.published_at is not None and one.published_at < other.published_at


def _same_day(members: Sequence[Member]) -> bool:
    return len({member.published_on for member in members}) == 1
