"""Telling a change of the site from chance.

For each value of each measure the share among the last pages is held against its share in earlier good runs,
section by section: interviews are longer than news and name their author, and one stretch of the archive has more
of them than another. A value that became so frequent that chance explains it less than twice in a hundred thousand
times is a breach.
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

# A night looks at some 50 values that could rise. In 8,000 simulated nights without a change this gave one alarm; a
# change of a seventh of the pages was seen within fifty pages on 35 of 40 sites, after 32 pages (the median).
RARE = 2e-5
# A smaller change may be a rubric's, or a week's.
MIN_RISE = 0.06
# Lengths vary with the news and over the years: half of the pages being longer is no change, three of four are.
MIN_SHIFT = 0.45
# Five nights: below, what is usual is not known yet.
MIN_EARLIER = 100
# Below, even a total change might be a rubric's.
MIN_PAGES = 10
# Beyond, the site itself may have changed in small steps that people saw.
MAX_EARLIER_RUNS = 60
EXAMPLES = 3
# Enough for a third of the pages to stand out, and no more than three or four nights.
WINDOW = 50
# One run may have seen one stretch of the archive only: others must have seen as many as are judged.
MIN_OF_OTHERS = WINDOW
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page to which a measure applies, and whether it shows the value that is asked about."""

    key: str
    section: str
    has: bool


@dataclass(slots=True)
class _Usual:
    """What earlier runs saw, altogether and each."""

    runs: list[Distribution]
    total: Distribution = field(init=False)

    def __post_init__(self) -> None:
        self.total = together(self.runs)

    def number(self, measure: str) -> int:
        """Return on how many pages a measure was seen."""
        return sum(self.total.counts(section, measure).total() for section in self.total.sections)

    def strata(self, measure: str, value: str, now: Mapping[str, int]) -> list[Stratum]:
        """Return for each section, with so many pages now, how often it used to show a value."""
        counts = {section: self.total.counts(section, measure) for section in now}
        return [Stratum(of, counts[section][value], counts[section].total()) for section, of in now.items()]

    def span(self, measure: str, value: str, now: Mapping[str, int]) -> tuple[float, float]:
        """Return the lowest and the highest share in runs that saw enough, weighted by what sections there are now."""
        shares = []
        for run in self.runs:
            seen = {section: counts for section in now if (counts := run.counts(section, measure))}
            if sum(counts.total() for counts in seen.values()) >= MIN_PAGES:
                having = sum(now[section] * counts[value] / counts.total() for section, counts in seen.items())
                shares.append(having / sum(now[section] for section in seen))
        return (min(shares), max(shares)) if shares else (0.0, 0.0)


def judge_new(observations: Sequence[Observation], new: int, earlier: Sequence[Distribution]) -> list[Breach]:
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


def judge(observations: Sequence[Observation], earlier: Sequence[Distribution]) -> list[Breach]:
    """Return what the last pages, in the order in which they were read, show otherwise than earlier runs.

    Without enough of either nothing can be said: the list is empty.
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
    """Leave out the newest runs, whose pages are all in the window: what changes slowly would become usual."""
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
    """Yield a breach if most pages lie on one side of what used to be the middle of their section."""
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


def _sided(run: Distribution, measure: str, middles: Mapping[str, tuple[int, int]]) -> Distribution:
    """Return on which side of the middle a run's pages lay."""
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


def _spread(keys: Sequence[str]) -> tuple[str, ...]:
    """Return some keys from begin, middle and end."""
    picked = {0, len(keys) // 2, len(keys) - 1}
    return tuple(keys[index] for index in sorted(picked))[:EXAMPLES]
