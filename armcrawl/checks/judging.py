"""Telling a change of the site from chance.

For each value of each measure the share among the last pages is held against its share in earlier good runs.
Under no change the number of pages with a value is beta-binomial; a value that became so frequent that
chance explains it less than twice in a hundred thousand times is a breach. Shares are smoothed after Jeffreys, so
that what was never seen before is rare, not impossible.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, lgamma, log
from typing import TYPE_CHECKING, Any

from armcrawl.checks.observing import NUMBERS, Picture, picture_of, together, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from armcrawl.checks.observing import Observation, Values

# A night looks at some 50 values that could rise. In 8,000 simulated nights without a change this gave one alarm; a
# change of a seventh of the pages was seen within fifty pages on 35 of 40 sites, after 32 pages (the median).
RARE = 2e-5
# A smaller change may be a rubric's, or a week's.
LEAST_RISE = 0.06
# Lengths vary with the news and over the years: half of the pages being longer is no change, three of four are.
LEAST_SHIFT = 0.45
# Five nights: below, what is usual is not known yet.
LEAST_EARLIER = 100
# One run may have seen one stretch of the archive only.
LEAST_EARLIER_RUNS = 2
# Below, even a total change might be a rubric's.
LEAST_PAGES = 10
# Beyond, the site itself may have changed in small steps that people saw.
MOST_EARLIER_RUNS = 60
EXAMPLES = 3
# Jeffreys' prior for a share: half a page on either side.
PRIOR = 0.5
# Enough for a third of the pages to stand out, and no more than three or four nights.
WINDOW = 50
# Half a window: what changes is seen before fifty pages have it.
STEP = WINDOW // 2
LONGER, SHORTER, USUAL = "more than usual", "fewer than usual", "as usual"


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that has become too frequent.

    `pages` of `of` pages show it; it was on a share from `usual[0]` to `usual[1]` of the pages of earlier
    runs. `first` is the page where that likeliest began, `examples` are keys of pages that show it since then.
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
        """Return the breach that a run's record holds."""
        return cls(**{**stored, "usual": tuple(stored["usual"]), "examples": tuple(stored["examples"])})

    def __str__(self) -> str:
        low, high = self.usual
        usual = f"{low:.0%}" if round(low, 2) == round(high, 2) else f"{low:.0%} to {high:.0%}"
        return (
            f"{self.measure}: «{self.value}» on {self.pages} of {self.of} pages ({self.pages / self.of:.0%}), "
            f"usually {usual}; first on {self.first}, e.g. {', '.join(self.examples)}"
        )


@dataclass(slots=True)
class _Usual:
    """What earlier runs saw, altogether and each."""

    runs: list[Picture]
    total: Picture = field(init=False)

    def __post_init__(self) -> None:
        self.total = together(self.runs)

    def share(self, measure: str, value: str) -> float:
        counts = self.total.measures.get(measure, Counter())
        return (counts[value] + PRIOR) / (counts.total() + 2 * PRIOR)

    def span(self, measure: str, value: str) -> tuple[float, float]:
        """Return the lowest and the highest share of a value in runs that saw enough of it."""
        seen = [counts for run in self.runs if (counts := run.measures.get(measure)) and counts.total() >= LEAST_PAGES]
        shares = [counts[value] / counts.total() for counts in seen]
        return (min(shares), max(shares)) if shares else (0.0, 0.0)


def judge_new(observations: Sequence[Observation], new: int, earlier: Sequence[Picture]) -> list[Breach]:
    """Return what the last pages, so many of them new, show otherwise than earlier runs: the earliest change counts.

    Each window of pages that ends among the new ones is judged.
    """
    if not new:
        return []
    last = len(observations)
    for end in [*range(last - new + STEP, last, STEP), last]:
        if breaches := judge(observations[max(0, end - WINDOW) : end], earlier):
            return breaches
    return []


def judge(observations: Sequence[Observation], earlier: Sequence[Picture]) -> list[Breach]:
    """Return what the last pages, in the order in which they were read, show otherwise than earlier runs.

    Without enough of either nothing can be said: the list is empty.
    """
    usual = _Usual(_before(earlier)[-MOST_EARLIER_RUNS:])
    is_known = len(earlier) >= LEAST_EARLIER_RUNS and usual.total.pages >= LEAST_EARLIER
    if not is_known or len(observations) < LEAST_PAGES:
        return []
    values = list(values_of(observations))
    breaches = [
        breach
        for measure, counts in sorted(picture_of(observations).measures.items())
        if not measure.startswith("number of ")
        for value in sorted(counts)
        if (breach := _breach(usual, measure, value, values, observations)) is not None
    ]
    for name in NUMBERS:
        breaches += _shifts(usual, f"number of {name}", values, observations)
    return sorted(breaches, key=lambda breach: -breach.pages / breach.of)


def _before(earlier: Sequence[Picture]) -> list[Picture]:
    """Leave out the newest runs, whose pages are all in the window: what changes slowly would become usual."""
    kept, pages = list(earlier), 0
    while kept and (pages := pages + kept[-1].pages) <= WINDOW:
        kept.pop()
    return kept


def _breach(
    usual: _Usual, measure: str, value: str, values: Sequence[Values], observations: Sequence[Observation]
) -> Breach | None:
    shown = [
        (one.key, found[measure] == value) for one, found in zip(observations, values, strict=True) if measure in found
    ]
    having = [key for key, has in shown if has]
    of = len(shown)
    earlier = usual.total.measures.get(measure, Counter())
    if of < LEAST_PAGES or earlier.total() < LEAST_EARLIER:
        return None
    share = usual.share(measure, value)
    if len(having) / of - share < LEAST_RISE or tail(len(having), of, earlier[value], earlier.total()) > RARE:
        return None
    since = [key for key, has in shown[_begin([has for _, has in shown], share) :] if has]
    return Breach(measure, value, len(having), of, usual.span(measure, value), _spread(since), since[0])


def _shifts(
    usual: _Usual, measure: str, values: Sequence[Values], observations: Sequence[Observation]
) -> Iterable[Breach]:
    """Yield a breach if most pages lie on one side of what used to be the middle."""
    counts = usual.total.measures.get(measure, Counter())
    if counts.total() < LEAST_EARLIER:
        return
    low, high = middle(counts)
    runs = [
        Picture(run.pages, {measure: _sides(run.measures.get(measure, Counter()), low, high)}) for run in usual.runs
    ]
    sides = _Usual(runs)
    sided = [
        found | {measure: _side(int(found[measure]), low, high)} if measure in found else found for found in values
    ]
    for side in (LONGER, SHORTER):
        breach = _breach(sides, measure, side, sided, observations)
        if breach is not None and breach.pages / breach.of - sides.share(measure, side) >= LEAST_SHIFT:
            yield breach


def middle(counts: Counter[str]) -> tuple[int, int]:
    """Return the buckets between which the middle half of all numbers lies."""
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


def _sides(counts: Counter[str], low: int, high: int) -> Counter[str]:
    sides: Counter[str] = Counter()
    for number, times in counts.items():
        sides[_side(int(number), low, high)] += times
    return sides


def _side(number: int, low: int, high: int) -> str:
    if number > high:
        return LONGER
    return SHORTER if number < low else USUAL


def _begin(having: Sequence[bool], share: float) -> int:
    """Return where pages begin to have a value more often than this share: the likeliest point of a change.

    Pages that had it before by right are not taken for the change's first.
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


@lru_cache(maxsize=4096)
def tail(least: int, of: int, seen: int, earlier: int) -> float:
    """Return the chance that at least so many of so many pages show what so many of so many earlier ones showed.

    The share itself is known only from the earlier pages, the fewer the less sure: the distribution is
    beta-binomial, with Jeffreys' prior.
    """
    return min(1.0, sum(_chance(number, of, seen + PRIOR, earlier - seen + PRIOR) for number in range(least, of + 1)))


def _chance(number: int, of: int, having: float, lacking: float) -> float:
    """Return the beta-binomial chance, by logarithms, as the coefficients overflow."""
    ways = lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)
    return exp(ways + _log_beta(number + having, of - number + lacking) - _log_beta(having, lacking))


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _spread(keys: Sequence[str]) -> tuple[str, ...]:
    """Return some keys from begin, middle and end."""
    picked = {0, len(keys) // 2, len(keys) - 1}
    return tuple(keys[index] for index in sorted(picked))[:EXAMPLES]
