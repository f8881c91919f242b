"""What is measured on each corpus: shares from 0 to 1, of entries that come out exactly as written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from armcrawl.russian.attribution import read_attribution
from armcrawl.russian.dates import read_date
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.tags import canonical_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.items import Attribution
    from armcrawl.russian.dates.values import RussianDate
    from tests.quality.corpus import Entry

Measures = dict[str, float]
DateReader = Callable[[str, datetime], str | None]
NameReader = Callable[[str], str]
KindReader = Callable[[str, str | None], str | None]
CUT = {"day": 10, "month": 7, "year": 4}

# The confidence of names of which at least 99 of 100 must be right.
SURE = 0.9

# What the entries of `sources` were written for.
FAULTS = {
    "beside": "beside other things",
    "address": "by address",
    "several": "several or one",
    "ending": "in other cases",
}
# Whose lines they are.
OWN_NAMES = ("Armtorg", "Армторг")


def of_dates(entries: Sequence[Entry], read: DateReader) -> Measures:
    """Return how many dates are right, and how many come out as a date that is not printed."""
    found = [(entry["gold"], read(entry["text"], datetime.fromisoformat(entry["fetched_at"]))) for entry in entries]
    return {
        "dates right": share(gold == got for gold, got in found),
        "dates silently wrong": share(got is not None and gold != got for gold, got in found),
    }


def our_date(text: str, fetched_at: datetime) -> str | None:
    """Return what we read, as the corpus writes it."""
    found = read_date(text, fetched_at)
    return None if found is None else iso_of(found)


def iso_of(found: RussianDate) -> str:
    """Return a date as far as it was printed, with its time in the site's zone."""
    if found.moment is not None:
        return found.moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return found.date.isoformat()[: CUT[found.precision]]


def of_tags(entries: Sequence[Entry], name: NameReader) -> Measures:
    """Return how many names come out in the nominative."""
    found = [(entry["printed"], entry["name"], name(entry["printed"])) for entry in entries]
    return {
        "nominative right": share(gold == got for _, gold, got in found),
        "nominative right, inflected": share(gold == got for printed, gold, got in found if printed != gold),
        "nominative changed": share(gold != got for printed, gold, got in found if printed == gold),
    }


def of_names(entries: Sequence[Entry], name: NameReader, names: str = "names") -> Measures:
    """Return how many names come out in the nominative, in all and for each fault or kind."""
    found = [(entry["fault"], entry["name"] == name(entry["printed"])) for entry in entries]
    return {
        f"{names} right": share(right for _, right in found),
        **{
            f"{names} right, {fault}": share(right for its, right in found if its == fault)
            for fault in dict.fromkeys(fault for fault, _ in found)
        },
    }


def of_confidence(entries: Sequence[Entry], names: str = "names") -> Measures:
    """Return how many names are right of those that claim to be, and how many claim it."""
    sure = [right for confidence, right in _claims(entries) if confidence >= SURE]
    return {f"sure {names} right": share(sure), f"{names} that are sure": len(sure) / len(entries)}


def calibration(entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """Return for each step of confidence how many names claim it, and which share of them is right."""
    by_confidence: dict[float, list[bool]] = {}
    for confidence, right in _claims(entries):
        by_confidence.setdefault(round(confidence, 1), []).append(right)
    return [(f"{step:.1f}", str(len(its)), f"{share(its):.4f}") for step, its in sorted(by_confidence.items())[::-1]]


def _claims(entries: Sequence[Entry]) -> list[tuple[float, bool]]:
    tags = [(entry["name"], canonical_tag(entry["printed"])) for entry in entries]
    return [(tag.confidence, tag.name == gold) for gold, tag in tags]


def our_name(printed: str) -> str:
    """Return our name of a tag."""
    return canonical_tag(printed).name


def of_kinds_of_tags(entries: Sequence[Entry]) -> Measures:
    """Return how many kinds of tags are wrong where one is told."""
    kinds = [(entry["kind"], canonical_tag(entry["printed"]).kind) for entry in entries]
    return {"kinds wrong where told": share(gold != got for gold, got in kinds if got is not None)}


def of_kinds(half: str, entries: Sequence[Entry], kind: KindReader) -> Measures:
    """Return how many of the kinds that are told are right, and how many of those that there are, for a half."""
    kinds = [(entry["kind"], kind(entry["printed"], entry.get("address"))) for entry in entries]
    return {
        f"kinds, {half}: right where told": share(gold == got for gold, got in kinds if got is not None),
        f"kinds, {half}: told": share(gold == got for gold, got in kinds if gold is not None),
    }


def our_kind(printed: str, address: str | None) -> str | None:
    """Return the kind that we tell, by the name in the nominative."""
    tag = canonical_tag(printed)
    return tag.kind or kind_of(tag.name, address=address)


def of_attribution(entries: Sequence[Entry]) -> Measures:
    """Return how many lines name exactly the sources written, each of its kind."""
    return {
        "attribution right": share(
            entry["gold"] == told(read_attribution(entry["line"], own_names=OWN_NAMES)) for entry in entries
        )
    }


def of_sources(entries: Sequence[Entry]) -> Measures:
    """Return how many lines name exactly the sources written, for each fault that they were written for."""
    found = [
        (entry["fault"], entry["gold"] == told(read_attribution(entry["line"], own_names=OWN_NAMES)))
        for entry in entries
    ]
    return {
        f"sources right, {FAULTS[fault]}": share(right for its, right in found if its == fault)
        for fault in dict.fromkeys(fault for fault, _ in found)
    }


def told(found: Attribution | None) -> Entry | None:
    """Return an attribution as the corpus writes it."""
    if found is None:
        return None
    sources = [[source.name, source.kind] for source in found.sources]
    return {"kind": found.kind, "sources": sources}


def share(outcomes: Iterable[bool]) -> float:
    """Return which share of some outcomes is true; 0 of none."""
    counted = list(outcomes)
    return sum(counted) / len(counted) if counted else 0.0
