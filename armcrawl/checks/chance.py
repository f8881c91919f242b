"""The probability that a value is on so many pages by chance alone: beta-binomial, section by section.

The share of a section is unknown: what earlier pages show of it, with Jeffreys' prior, is a beta distribution, and the
number of pages of now that have the value is beta-binomial (Gelman and others, "Bayesian Data Analysis").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Pages added with and without the value (Jeffreys' prior), so that a value never seen before is rare, not impossible.
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class SectionPages:
    """One section: `of` pages now, and `earlier` pages in earlier runs, of which `seen` had the value."""

    of: int
    seen: int
    earlier: int

    @property
    def share(self) -> float:
        """The share of earlier pages with the value, from 0 to 1, smoothed by the prior."""
        return (self.seen + PRIOR) / (self.earlier + 2 * PRIOR)


def expected_share(strata: Sequence[SectionPages]) -> float:
    """Return the share of the pages of all sections now that would have the value if each section were as before."""
    return sum(stratum.of * stratum.share for stratum in strata) / sum(stratum.of for stratum in strata)


def tail(least: int, strata: Sequence[SectionPages]) -> float:
    """Return the probability that at least `least` pages of all sections have the value.

    Each section has its own share, as sections differ, and the fewer earlier pages it has the less certain that is. The
    number of pages in all sections is the sum of independent beta-binomial numbers.
    """
    together: Sequence[float] = (1.0,)
    for stratum in strata:
        together = _sum_of(together, _distribution(stratum))
    return min(1.0, sum(together[least:]))


def _sum_of(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """Return the distribution of the sum of two independent numbers."""
    chances = [0.0] * (len(one) + len(other) - 1)
    for number, chance in enumerate(one):
        for more, its_chance in enumerate(other):
            chances[number + more] += chance * its_chance
    return chances


@lru_cache(maxsize=4096)
def _distribution(stratum: SectionPages) -> tuple[float, ...]:
    """Return the probability of each number of pages, 0 to `of`, by logarithms, as binomial coefficients overflow."""
    having, lacking = stratum.seen + PRIOR, stratum.earlier - stratum.seen + PRIOR
    before = _log_beta(having, lacking)
    return tuple(
        exp(_log_ways(stratum.of, number) + _log_beta(number + having, stratum.of - number + lacking) - before)
        for number in range(stratum.of + 1)
    )


def _log_ways(of: int, number: int) -> float:
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
