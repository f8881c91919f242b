"""What is noted of each page that was read, and the picture that many of them make."""

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
# Buckets of an eighth of a doubling: lengths that differ by a tenth fall into different ones.
BUCKETS_A_DOUBLING = 8
# Two pages may quote one law; what four share stands on all of them.
SHARED_BY = 4
# Of a text, how much prose may be left out beside it: a sentence of twenty, of five, and more.
SHARES = ((0.0, "none"), (0.05, "a sentence"), (0.2, "a paragraph"))
# Ids are given out before articles are published.
UNORDERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Observation:
    """One page that was read.

    `kind` is `stored`, or why the page shows no article; `filled` are the fields that it has; `methods` says how
    fields were found, `agrees` whether their second witness says the same; `hashes` stand for its paragraphs;
    `has_header` tells that a line of the site's header stands in its text; `left_out` is the share of its prose that is
    not in the text, None where nobody counted it.
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
        """Forget what was seen of a measure."""
        for measures in self.sections.values():
            measures.pop(measure, None)

    def counts(self, section: str, measure: str) -> Counter[str]:
        """Return how often a section showed each value of a measure."""
        return self.sections.get(section, {}).get(measure, Counter())

    def add(self, section: str, measure: str, counts: Mapping[str, int]) -> None:
        """Count what more pages of a section showed."""
        self.sections.setdefault(section, {}).setdefault(measure, Counter()).update(counts)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {"pages": self.pages, "sections": self.sections}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Distribution:
        """Return the picture that a run's record holds."""
        picture = cls(stored["pages"])
        for section, measures in stored["sections"].items():
            for measure, counts in measures.items():
                picture.add(section, measure, counts)
        return picture


def picture_of(observations: Sequence[Observation]) -> Distribution:
    """Return the picture that pages make, in the order in which they were read."""
    picture = Distribution(len(observations))
    for one, values in zip(observations, values_of(observations), strict=True):
        for measure, value in values.items():
            picture.add(one.section, measure, {value: 1})
    return picture


def together(pictures: Iterable[Distribution]) -> Distribution:
    """Return the picture of all pages of some pictures."""
    total = Distribution()
    for picture in pictures:
        total.pages += picture.pages
        for section, measures in picture.sections.items():
            for measure, counts in measures.items():
                total.add(section, measure, counts)
    return total


def values_of(observations: Sequence[Observation]) -> Iterator[Values]:
    """Yield each page's value of every measure that applies to it."""
    # A page that was read in several nights is one page.
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
    """Return the bucket of a number: each is an eighth of a doubling wide."""
    return round(BUCKETS_A_DOUBLING * log2(number + 1))


def _unordered(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield the pages that are dated long before one with a lower id."""
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
