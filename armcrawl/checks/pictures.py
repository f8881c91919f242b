"""How often each value of each measure was seen on some pages: the pictures of runs, and what they tell together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import MAXYEAR
from typing import TYPE_CHECKING, Any, NamedTuple

from armcrawl.checks.observing import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from armcrawl.checks.observing import Seen

# Pages of earlier runs: with fewer, it is not known what is usual on a site, nor, with fewer of a section and an age,
# what is usual there.
MIN_EARLIER, MIN_OF_STRATUM = 100, 20
# Newer pages of a section and an age are enough to know what is usual; the site may have changed since older ones in
# small steps.
MAX_EARLIER = 2000
# What a reader misses, whatever the layout of a year is: old pages have other elements, but dates and tags as well.
READERS = frozenset(
    {
        *("page", "title", "title of other pages", "text", "text of other pages", "text cut off", "date", "tags"),
        *("text in a wrong charset", "a paragraph of other pages", "a paragraph twice", "header in the text"),
        *("attribution", "number of words", "number of paragraphs", "number of title letters"),
    }
)
# What comes from the hour of the crawl, and of no section.
OF_CRAWLS = frozenset({"dated on the day of the fetch"})
# Buckets beside the middle half that count as usual: a tenth, as figures of one more digit make it.
MARGIN = 1
LONGER, SHORTER, USUAL = "more than usual", "fewer than usual", "as usual"


class Stratum(NamedTuple):
    """What is alike: the pages of a section that were of an age when they were read."""

    section: str
    age: str


@dataclass(slots=True)
class Distribution:
    """How often each value of each measure was seen on some pages, by what is alike."""

    pages: int = 0
    strata: dict[Stratum, dict[str, Counter[str]]] = field(default_factory=dict)

    @property
    def measures(self) -> set[str]:
        """The names of all measures."""
        return {measure for measures in self.strata.values() for measure in measures}

    def drop(self, measure: str, section: str = "") -> None:
        """Remove all counts of a measure, of one section or of all."""
        for stratum, measures in self.strata.items():
            if section in {"", stratum.section}:
                measures.pop(measure, None)

    def counts(self, stratum: Stratum, measure: str) -> Counter[str]:
        """Return how often pages that are alike showed each value of a measure."""
        return self.strata.get(stratum, {}).get(measure, Counter())

    def add(self, stratum: Stratum, measure: str, counts: Mapping[str, int]) -> None:
        """Add the counts of further pages."""
        measures = self.strata.setdefault(stratum, {})
        if (found := measures.get(measure)) is None:
            found = measures[measure] = Counter()
        for value, times in counts.items():
            found[value] += times

    def include(self, other: Distribution) -> None:
        """Add all that another one has."""
        self.pages += other.pages
        for stratum, measures in other.strata.items():
            for measure, counts in measures.items():
                self.add(stratum, measure, counts)

    def to_json(self) -> dict[str, Any]:
        """Return the pages and counts as JSON, for `from_json`."""
        return {"pages": self.pages, "strata": [[*stratum, counts] for stratum, counts in self.strata.items()]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Distribution:
        """Return the distribution that is stored in a run's record."""
        picture = cls(stored["pages"])
        for section, age, measures in stored["strata"]:
            for measure, counts in measures.items():
                picture.add(Stratum(section, age), measure, counts)
        return picture


def picture_of(pages: Iterable[Seen]) -> Distribution:
    """Return the distribution of the values of all measures on some pages."""
    picture = Distribution()
    for page in pages:
        picture.pages += 1
        for measure, value in page.values.items():
            picture.add(Stratum(page.section, page.age), measure, {value: 1})
    return picture


class Accepted(NamedTuple):
    """A measure whose new looks a person accepted, in one section, or in all where that is empty."""

    section: str
    measure: str


@dataclass(slots=True)
class History:
    """What earlier good runs saw, the oldest first, whatever their kind, and what people accepted.

    For that the absolute bounds do not hold.
    """

    pictures: list[Distribution] = field(default_factory=list)
    accepted: dict[Accepted, int] = field(default_factory=dict)

    def add(self, picture: Distribution, accepted: Iterable[Accepted] = ()) -> None:
        """Add a further good run; of the measures that a person accepted with it, what was before counts no more."""
        for one in accepted:
            self.accepted[one] = len(self.pictures)
            for earlier in self.pictures:
                earlier.drop(one.measure, one.section)
        self.pictures.append(picture)

    def holds(self, section: str, measure: str) -> bool:
        """Tell whether the absolute bounds of a measure hold for pages of a section; of an empty one, for all pages."""
        return not any(one.measure == measure and one.section in {"", section} for one in self.accepted)

    def forget_replaced(self, pages: Sequence[Seen]) -> list[Seen]:
        """Return the last pages of earlier runs without what they showed before a person accepted other looks.

        Beside these it would be a change of its own.
        """
        found = list(pages)
        for one, index in self.accepted.items():
            since = sum(picture.pages for picture in self.pictures[index:])
            for place, page in enumerate(found[: max(0, len(found) - since)]):
                if one.section in {"", page.section} and one.measure in page.values:
                    values = {name: value for name, value in page.values.items() if name != one.measure}
                    found[place] = page._replace(values=values)
        return found

    def usual(self, pages: int) -> Usual:
        """Return what is usual, by all runs but the newest, which read the last so many pages.

        What is judged must not count as usual: a slow change would never be seen.
        """
        return next(iter(self.usuals([pages])))

    def usuals(self, sizes: Sequence[int]) -> Iterator[Usual]:
        """Yield what is usual before the last pages, for several numbers of pages, which fall."""
        total = Distribution()
        runs = self._newest()
        taken = 0
        for size in sizes:
            upto = len(runs)
            newer = 0
            while upto > taken and (newer := newer + runs[upto - 1].pages) <= size:
                upto -= 1
            for run in runs[taken:upto]:
                total.include(run)
            taken = max(taken, upto)
            before = Distribution()
            before.include(total)
            yield Usual(before)

    def _newest(self) -> list[Distribution]:
        """Return all runs, the oldest first, with what newer runs do not tell well enough already."""
        told: Counter[Stratum] = Counter()
        runs = []
        for run in reversed(self.pictures):
            kept = {stratum: found for stratum, found in run.strata.items() if told[stratum] < MAX_EARLIER}
            for stratum, found in kept.items():
                told[stratum] += found["page"].total() if "page" in found else 0
            runs.append(Distribution(run.pages, kept))
        return runs[::-1]


class Usual:
    """What is usual on pages that are alike, as earlier runs saw it."""

    def __init__(self, total: Distribution) -> None:
        """Take what earlier runs saw together."""
        self.total = total
        self._found: dict[tuple[Stratum, str], Counter[str]] = {}
        self._middles: dict[tuple[Stratum, str], tuple[int, int]] = {}

    def counts(self, stratum: Stratum, measure: str) -> Counter[str]:
        """Return how often earlier pages showed each value of a measure.

        Where too few are known, those of the nearest years tell what a reader would miss: how else pages of another
        year look, nobody knows.
        """
        if (found := self._found.get((stratum, measure))) is None:
            found = self._found[stratum, measure] = self._counted(stratum, measure)
        return found

    def _counted(self, stratum: Stratum, measure: str) -> Counter[str]:
        found = Counter(self.total.counts(stratum, measure))
        for other in self._others(stratum, measure):
            if found.total() >= MIN_EARLIER:
                break
            found.update(self.total.counts(other, measure))
        return found

    def _others(self, stratum: Stratum, measure: str) -> list[Stratum]:
        """Return which other pages tell of a measure where too few that are alike are known, the nearest first."""
        others = [one for one in self.total.strata if one != stratum]
        if measure in READERS:
            others = [one for one in others if one.section == stratum.section]
        elif measure in OF_CRAWLS:
            others = [one for one in others if one.age == stratum.age]
        else:
            return []
        return sorted(others, key=lambda one: (abs(_year(one) - _year(stratum)), one))

    def known(self, stratum: Stratum) -> int:
        """Return with how many earlier pages such a page can be compared in all that is measured."""
        return self.total.counts(stratum, "page").total()

    def is_known(self, stratum: Stratum, measure: str) -> bool:
        """Tell whether enough earlier pages are known to say what is usual."""
        return self.counts(stratum, measure).total() >= MIN_OF_STRATUM

    def side(self, stratum: Stratum, measure: str, number: int) -> str:
        """Return on which side of the middle half of earlier pages a number is."""
        low, high = self._middle(stratum, measure)
        return LONGER if number > high + MARGIN else SHORTER if number < low - MARGIN else USUAL

    def shown(self, stratum: Stratum, measure: str, value: str) -> int:
        """Return on how many earlier pages a measure had a value; of a number, on which side of the middle it was."""
        counts = self.counts(stratum, measure)
        if not is_number(measure):
            return counts[value]
        return sum(times for number, times in counts.items() if self.side(stratum, measure, int(number)) == value)

    def _middle(self, stratum: Stratum, measure: str) -> tuple[int, int]:
        if (found := self._middles.get((stratum, measure))) is None:
            found = self._middles[stratum, measure] = middle(self.counts(stratum, measure))
        return found


def _year(stratum: Stratum) -> int:
    """Return the year of old pages; new ones are later than all."""
    return MAXYEAR if stratum.age == NEW else int(stratum.age)


def is_number(measure: str) -> bool:
    """Tell whether a measure counts something, so that only the side of the middle half is compared."""
    return measure.startswith("number of ")


def middle(counts: Counter[str]) -> tuple[int, int]:
    """Return the lowest and the highest bucket of the middle half of all numbers."""
    seen = sorted((int(number), times) for number, times in counts.items())
    total, passed = counts.total(), 0
    low = high = seen[0][0]
    for number, times in seen:
        if passed < total / 4:
            low = number
        if passed < total * 3 / 4:
            high = number
        passed += times
    return low, high
