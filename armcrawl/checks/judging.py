"""Whether the site has changed, or its pages differ by chance.

A measure is a property of a page, such as the method that found its date; it has one value on each page. For each
value, its share among the last pages is compared with that in earlier good runs. This is done section by section, as
interviews are longer than news and name their author, and one stretch of the archive has more of them than another. A
value is a breach if it became so frequent that the probability of chance is below RARE.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

from armcrawl.checks.chance import Stratum, expected_share, tail
from armcrawl.checks.observing import Distribution, together, values_of
from armcrawl.sites.judged import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from armcrawl.checks.observing import Observation, Values

# The probability below which chance does not explain a rise. A night compares some 50 values. In 8,000 simulated nights
# without a change this gave one alarm; a change on a seventh of the pages was found within 50 pages on 35 of 40 sites,
# after a median of 32 pages.
RARE = 2e-5
# The rise of a value's share, from 0 to 1, below which it is no breach: it may come from one rubric, or one week.
MIN_RISE = 0.06
# The same for numbers such as lengths, which vary with the news and over the years. Pages above the usual range have a
# share of about 0.25, so a breach needs some 0.7 of them there.
MIN_SHIFT = 0.45
# Pages of earlier runs with a measure, about five nights: with fewer, it is not known what is usual.
MIN_EARLIER = 100
# Pages to be judged: with fewer, even a value on all of them might come from one rubric.
MIN_PAGES = 10
# Older runs are left out, as the site may have changed since then in small steps that people accepted.
MAX_EARLIER_RUNS = 60
# Keys of pages that a breach names: from the beginning, the middle and the end.
EXAMPLES = 3
# Pages that are judged together: enough to recognise a change on a third of them, and only three or four nights.
WINDOW = 50
# Pages of all earlier runs but the largest, as a single run may have covered one stretch of the archive only.
MIN_OF_OTHERS = WINDOW
# Pages between two windows: half a window, so that a change is found before 50 pages have it.
STEP = WINDOW // 2
LONGER, SHORTER, USUAL = "more than usual", "fewer than usual", "as usual"


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that has become too frequent.

    `pages` of `of` pages show it; in earlier runs its share was from `usual[0]` to `usual[1]`, between 0 and 1. `first`
    is the key of the page where the change most likely began, `examples` are keys of pages that show it since.
    """

    measure: str
    value: str
    pages: int
    of: int
    usual: tuple[float, float]
    examples: tuple[str, ...]
    first: str

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Breach:
        """Return the breach that is stored in a run's record."""
        return cls(**{**stored, "usual": tuple(stored["usual"]), "examples": tuple(stored["examples"])})

    def __str__(self) -> str:
        low, high = self.usual
        usual = f"{low:.0%}" if round(low, 2) == round(high, 2) else f"{low:.0%} to {high:.0%}"
        return (
            f"{self.measure}: «{self.value}» on {self.pages} of {self.of} pages ({self.pages / self.of:.0%}), "
            f"usually {usual}; first on {self.first}, e.g. {', '.join(self.examples)}"
        )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page to which a measure applies, and whether it has the value in question."""

    key: str
    section: str
    has: bool


@dataclass(slots=True)
class _Usual:
    """What earlier runs saw, each by itself and in total."""

    runs: list[Distribution]
    total: Distribution = field(init=False)

    def __post_init__(self) -> None:
        self.total = together(self.runs)

    def number(self, measure: str) -> int:
        """Return on how many pages a measure had a value."""
        return sum(self.total.counts(section, measure).total() for section in self.total.sections)

    def strata(self, measure: str, value: str, now: Mapping[str, int]) -> list[Stratum]:
        """Return how often each section used to show a value; `now` is its number of pages to be judged."""
        counts = {section: self.total.counts(section, measure) for section in now}
        return [Stratum(of, counts[section][value], counts[section].total()) for section, of in now.items()]

    def span(self, measure: str, value: str, now: Mapping[str, int]) -> tuple[float, float]:
        """Return the lowest and highest share in runs with enough pages, weighted by the sections' pages now."""
        shares = []
        for run in self.runs:
            seen = {section: counts for section in now if (counts := run.counts(section, measure))}
            if sum(counts.total() for counts in seen.values()) >= MIN_PAGES:
                having = sum(now[section] * counts[value] / counts.total() for section, counts in seen.items())
                shares.append(having / sum(now[section] for section in seen))
        return (min(shares), max(shares)) if shares else (0.0, 0.0)


def judge_new(observations: Sequence[Observation], new: int, earlier: Sequence[Distribution]) -> list[Breach]:
    """Return the breaches of the first window of pages that has any.

    Windows end among the last `new` pages of `observations`, which are in the order in which they were read.
    """
    if not new:
        return []
    last = len(observations)
    for end in [*range(last - new + STEP, last, STEP), last]:
        if breaches := judge(observations[max(0, end - WINDOW) : end], earlier):
            return breaches
    return []


def judge(observations: Sequence[Observation], earlier: Sequence[Distribution]) -> list[Breach]:
    """Return the values that are more frequent on these pages than in earlier runs, the most frequent first.

    Pages are in the order in which they were read. With too few pages, now or earlier, the list is empty.
    """
    usual = _Usual(_before(earlier)[-MAX_EARLIER_RUNS:])
    pages = [picture.pages for picture in earlier]
    is_known = usual.total.pages >= MIN_EARLIER and sum(pages) - max(pages) >= MIN_OF_OTHERS
    if not is_known or len(observations) < MIN_PAGES:
        return []
    values = list(values_of(observations))
    seen = sorted({pair for found in values for pair in found.items()})
    breaches = [
        breach
        for measure, value in seen
        if not measure.startswith("number of ")
        if (breach := _breach(usual, measure, value, values, observations)) is not None
    ]
    for name in NUMBERS:
        breaches += _shifts(usual, f"number of {name}", values, observations)
    return sorted(breaches, key=lambda breach: -breach.pages / breach.of)


def _before(earlier: Sequence[Distribution]) -> list[Distribution]:
    """Leave out the newest runs, whose pages are still in the window: a slow change would count as usual."""
    kept, pages = list(earlier), 0
    while kept and (pages := pages + kept[-1].pages) <= WINDOW:
        kept.pop()
    return kept


def _breach(
    usual: _Usual, measure: str, value: str, values: Sequence[Values], observations: Sequence[Observation]
) -> Breach | None:
    shown = [
        _Shown(one.key, one.section, found[measure] == value)
        for one, found in zip(observations, values, strict=True)
        if measure in found
    ]
    having, of = sum(page.has for page in shown), len(shown)
    if of < MIN_PAGES or usual.number(measure) < MIN_EARLIER:
        return None
    now = Counter(page.section for page in shown)
    strata = usual.strata(measure, value, now)
    share = expected_share(strata)
    least_rise = MIN_SHIFT if value in {LONGER, SHORTER} else MIN_RISE
    if having / of - share < least_rise or tail(having, strata) > RARE:
        return None
    since = [page.key for page in shown[_begin([page.has for page in shown], share) :] if page.has]
    return Breach(measure, value, having, of, usual.span(measure, value, now), _spread(since), since[0])


def _shifts(
    usual: _Usual, measure: str, values: Sequence[Values], observations: Sequence[Observation]
) -> Iterable[Breach]:
    """Yield a breach if most pages are on one side of the range that used to be usual in their section."""
    middles = {
        section: middle(counts)
        for section in usual.total.sections
        if (counts := usual.total.counts(section, measure)).total() >= MIN_PAGES
    }
    sides = _Usual([_sided(run, measure, middles) for run in usual.runs])
    sided = [
        {measure: _side(int(found[measure]), middles[one.section])}
        if measure in found and one.section in middles
        else {}
        for one, found in zip(observations, values, strict=True)
    ]
    for side in (LONGER, SHORTER):
        if breach := _breach(sides, measure, side, sided, observations):
            yield breach


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


def _sided(run: Distribution, measure: str, middles: Mapping[str, tuple[int, int]]) -> Distribution:
    """Return how many of a run's pages were below, in or above the usual range of their section."""
    picture = Distribution(run.pages)
    for section, borders in middles.items():
        for number, times in run.counts(section, measure).items():
            picture.add(section, measure, {_side(int(number), borders): times})
    return picture


def _side(number: int, middle: tuple[int, int]) -> str:
    low, high = middle
    if number > high:
        return LONGER
    return SHORTER if number < low else USUAL


def _begin(having: Sequence[bool], share: float) -> int:
    """Return the index of the page where a value most likely became more frequent than `share`.

    It maximises the likelihood ratio, so earlier pages that had the value by chance are not taken for the first.
    """
    best, begin, seen = float("-inf"), 0, 0
    for place in reversed(range(len(having))):
        if not having[place]:
            continue
        seen += 1
        of = len(having) - place
        now = seen / of
        if now <= share:
            continue
        likelier = seen * log(now / share) + ((of - seen) * log((1 - now) / (1 - share)) if of > seen else 0.0)
        if likelier >= best:
            best, begin = likelier, place
    return begin


def _spread(keys: Sequence[str]) -> tuple[str, ...]:
    """Return a key from the beginning, the middle and the end."""
    picked = {0, len(keys) // 2, len(keys) - 1}
    return tuple(keys[index] for index in sorted(picked))[:EXAMPLES]
