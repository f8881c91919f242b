"""What is noted about each page that was read, and how often each value of each measure occurs on many pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, Any

from armcrawl.sites.judged import NUMBERS, OPTIONAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STORED = "stored"
# Buckets from one number to its double, so that numbers that differ by a tenth are in different ones.
BUCKETS_A_DOUBLING = 8
# Pages with the same paragraph: two may quote one law, but a paragraph on four is on every page of the site.
SHARED_BY = 4
# Names for the share of a page's prose that is not in its text, up to each bound: none, one sentence of twenty, one of
# five.
SHARES = ((0.0, "none"), (0.05, "a sentence"), (0.2, "a paragraph"))
# The notes of reading that tell of a fault of the page, and what a picture calls them.
FAULTS = {"body/cut": "text cut off", "tags/label_without_tags": "label without tags"}
NOTES = frozenset(FAULTS)
# How far dates may fall while ids rise: sites assign an id when an article is begun, days before it is published.
UNORDERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Observation:
    """One page that was read.

    `kind` is `stored`, or why the page shows no article; `filled` are the names of the fields that it has; `methods`
    says how fields were found, `agrees` whether their second witness agrees; `hashes` are those of its paragraphs,
    `title` and `body` those of the whole, 0 without a text; `repeats` tells that a paragraph stands in the text twice;
    `notes` are those of NOTES that reading made; `names_site` tells that the title is the site's name, `is_readable`
    that the text is in a language, and not in a wrong charset; `has_header` that the site's header is in its text by
    mistake; `left_out` is the share of its prose, from 0 to 1, that is not in the text, None if unknown.
    """

    key: str
    section: str
    number: int | None
    kind: str = STORED
    filled: frozenset[str] = frozenset()
    words: int = 0
    paragraphs: int = 0
    tags: int = 0
    linked_tags: int = 0
    methods: Mapping[str, str] = field(default_factory=dict)
    agrees: Mapping[str, bool] = field(default_factory=dict)
    hashes: frozenset[int] = frozenset()
    title: int = 0
    title_letters: int = 0
    body: int = 0
    repeats: bool = False
    notes: frozenset[str] = frozenset()
    names_site: bool = False
    is_readable: bool = True
    day: date | None = None
    fetched_on: date | None = None
    has_header: bool = False
    left_out: float | None = None


Values = dict[str, str]


@dataclass(slots=True)
class Distribution:
    """How often each value of each measure was seen on some pages, section by section."""

    pages: int = 0
    sections: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    @property
    def measures(self) -> set[str]:
        """The names of all measures."""
        return {measure for measures in self.sections.values() for measure in measures}

    def drop(self, measure: str) -> None:
        """Remove all counts of a measure."""
        for measures in self.sections.values():
            measures.pop(measure, None)

    def counts(self, section: str, measure: str) -> Counter[str]:
        """Return how often a section showed each value of a measure."""
        return self.sections.get(section, {}).get(measure, Counter())

    def add(self, section: str, measure: str, counts: Mapping[str, int]) -> None:
        """Add the counts of further pages of a section."""
        self.sections.setdefault(section, {}).setdefault(measure, Counter()).update(counts)

    def to_json(self) -> dict[str, Any]:
        """Return the pages and counts as JSON, for `from_json`."""
        return {"pages": self.pages, "sections": self.sections}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Distribution:
        """Return the distribution that is stored in a run's record."""
        picture = cls(stored["pages"])
        for section, measures in stored["sections"].items():
            for measure, counts in measures.items():
                picture.add(section, measure, counts)
        return picture


def picture_of(observations: Sequence[Observation]) -> Distribution:
    """Return the distribution of the values of all measures on some pages."""
    picture = Distribution(len(observations))
    for one, values in zip(observations, values_of(observations), strict=True):
        for measure, value in values.items():
            picture.add(one.section, measure, {value: 1})
    return picture


def together(pictures: Iterable[Distribution]) -> Distribution:
    """Return the sum of several distributions."""
    total = Distribution()
    for picture in pictures:
        total.pages += picture.pages
        for section, measures in picture.sections.items():
            for measure, counts in measures.items():
                total.add(section, measure, counts)
    return total


def values_of(observations: Sequence[Observation]) -> Iterator[Values]:
    """Yield for each page the value of every measure that applies to it."""
    # A page that was read in several nights counts once.
    shared = Counter(value for _, value in {(one.key, value) for one in observations for value in one.hashes})
    unordered = set(_unordered(observations))
    for one in observations:
        values = {"page": one.kind}
        if one.kind == STORED:
            values |= _of_article(one)
            values["a paragraph of other pages"] = _answer(any(shared[value] >= SHARED_BY for value in one.hashes))
            if one.day is not None:
                values["date in the order of ids"] = _answer(one.key not in unordered)
        yield values


def _of_article(one: Observation) -> Values:
    values = {name: "there" if name in one.filled else "missing" for name in OPTIONAL}
    values |= {f"method of {name}": method for name, method in one.methods.items()}
    values |= {f"second witness of {name}": "agrees" if agrees else "differs" for name, agrees in one.agrees.items()}
    values |= {f"number of {name}": str(bucket(getattr(one, name))) for name in NUMBERS}
    values["header in the text"] = _answer(one.has_header)
    if one.left_out is not None:
        values["prose left out"] = next((name for most, name in SHARES if one.left_out <= most), "more")
    if one.tags:
        values["links of tags"] = "there" if one.linked_tags == one.tags else "missing"
    if one.day is not None and one.fetched_on is not None:
        values["dated on the day of the fetch"] = _answer(one.day == one.fetched_on)
    return values


def bucket(number: int) -> int:
    """Return the bucket of a number; there are BUCKETS_A_DOUBLING from any number to its double."""
    return round(BUCKETS_A_DOUBLING * log2(number + 1))


def _unordered(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield the keys of the pages whose date is long before that of the page with the next lower id."""
    sections: dict[str, list[tuple[int, date, str]]] = {}
    for one in observations:
        if one.number is not None and one.day is not None:
            sections.setdefault(one.section, []).append((one.number, one.day, one.key))
    for dated in sections.values():
        for (_, before, _), (_, day, key) in pairwise(sorted(dated)):
            if day < before - UNORDERED:
                yield key


def _answer(is_so: bool) -> str:
    return "yes" if is_so else "no"
