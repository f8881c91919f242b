"""The guard as the simulator sees it, and what its nights tell: false alarms, pages until a breakage is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from armcrawl.checks import judge_new, picture_of
from armcrawl.checks.judging import WINDOW
from tests.guard.nights import Nights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.checks import Breach, Distribution, Observation
    from tests.guard.breakages import Breakage
    from tests.guard.nights import Kind, Night

# Nights after a change of the layout in which further measures may still be refused for it.
SETTLING = 3
# A breakage is given up when it was not seen for so many pages.
MAX_AFFECTED = 150
# Nights before a breakage begins, at most: after the first crawl and a few nights.
EARLIEST, LATEST = 10, 50


@dataclass
class PureGuard:
    """The checks of a run, without a database."""

    pages: list[Observation] = field(default_factory=list)
    good: list[Distribution] = field(default_factory=list)
    last: list[Observation] = field(default_factory=list)

    def judge(self, observations: Sequence[Observation]) -> list[Breach]:
        """Judge a run, and keep what it saw if it holds."""
        self.last = list(observations)
        seen = [*self.pages[-WINDOW:], *self.last]
        breaches = judge_new(seen, len(self.last), self.good)
        if not breaches:
            self._keep()
        return breaches

    def _keep(self) -> None:
        self.pages += self.last
        self.good.append(picture_of(self.last))

    def accept(self) -> None:
        """Accept the run that was judged last."""
        self.good.clear()
        self._keep()

    def reject(self) -> None:
        """Reject the run that was judged last."""


@dataclass(frozen=True)
class Quiet:
    """Simulated nights without a breakage: how many, and the breaches that were told of nothing."""

    nights: int
    alarms: list[str]


def quiet_nights(kind: Kind, seed: int, nights: int) -> Quiet:
    """Let nights pass in which a site shows what it always shows, but once another layout, which is accepted."""
    site = Nights(kind, PureGuard(), seed, nights)
    runs, alarms, redesigned = [site.first_crawl()], list[str](), 0
    told = _alarms(site, runs, alarms, is_expected=False)
    for _ in range(nights):
        runs = site.pass_by()
        redesigned += bool(site.layout and any(run.pages for run in runs))
        told = _alarms(site, runs, alarms, is_expected=0 < redesigned <= SETTLING or (bool(site.layout) and not told))
    return Quiet(nights, alarms)


def _alarms(site: Nights, runs: Sequence[Night], alarms: list[str], *, is_expected: bool) -> bool:
    for run in runs:
        if run.breaches:
            if not is_expected:
                alarms.append(f"{run.day}: {run.breaches[0]}")
            site.guard.accept()
    return any(run.breaches for run in runs)


@dataclass(frozen=True)
class Seen:
    """What became of a breakage: pages and nights with affected pages until it was seen, and by which measure."""

    affected: int
    nights: int
    measure: str | None

    @property
    def is_in_time(self) -> bool:
        """Whether it was seen within fifty affected pages or three nights with such pages, whichever came later."""
        return self.measure is not None and (self.affected <= 50 or self.nights <= 3)


def until_seen(kind: Kind, breakage: Breakage, seed: int) -> Seen:
    """Let a site break on a random night, and tell when the guard saw it."""
    site = Nights(kind, PureGuard(), seed, LATEST)
    site.first_crawl()
    for _ in range(site.chance.randint(EARLIEST, LATEST)):
        for run in site.pass_by(quietly=True):
            if run.breaches:
                site.guard.accept()
    site.breakage = breakage
    affected = nights = 0
    while affected < MAX_AFFECTED and site.since < 400:
        for run in site.pass_by(quietly=True):
            affected += len(run.affected)
            nights += bool(run.affected)
            if run.breaches:
                return Seen(affected, nights, run.breaches[0].measure)
    return Seen(affected, nights, None)
