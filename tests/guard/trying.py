"""The guard as the simulator sees it, and what its nights tell: false alarms, pages until a breakage is seen."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from typing import TYPE_CHECKING

from armcrawl.checks import Accepted, History, judge, picture_of, seen_of
from armcrawl.checks.judging import WINDOWS
from armcrawl.checks.observing import BESIDE
from tests.guard.nights import Nights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.checks import Breach, Observation
    from armcrawl.checks import Seen as SeenPage
    from tests.guard.breakages import Breakage
    from tests.guard.nights import Kind

# Affected pages within which a breakage must be seen, also of one page in ten or fewer, and nights if that is later.
MANY, FEW_OF_MANY, MAX_NIGHTS_SEEN = 50, 100, 3
# The breakage that looks like a hole among ids.
NO_PAGE = "«not found» with status 200"
# Quiet nights for each seed.
QUIET_NIGHTS = 200
# A breakage is given up when it was not seen for so many pages.
MAX_AFFECTED = 100
# And after so many nights, if it changes nothing that is read.
MAX_NIGHTS = 600
# Nights before a breakage begins, at most: after the first crawl and a few nights.
EARLIEST, LATEST = 10, 50


@dataclass
class PureGuard:
    """The checks of a run, without a database."""

    pages: list[Observation] = field(default_factory=list)
    seen: list[SeenPage] = field(default_factory=list)
    history: History = field(default_factory=History)
    breaches: list[Breach] = field(default_factory=list)
    last: list[Observation] = field(default_factory=list)
    new: list[SeenPage] = field(default_factory=list)

    def judge(self, observations: Sequence[Observation]) -> list[Breach]:
        """Judge a run, and keep what it saw if it holds."""
        # What was seen of earlier pages does not change.
        before = self.pages[-2 * BESIDE :]
        self.last = list(observations)
        self.new = seen_of([*before, *self.last])[len(before) :]
        self.breaches = judge([*self.seen[-max(WINDOWS) :], *self.new], len(self.new), self.history).breaches
        if not self.breaches:
            self._keep(())
        return self.breaches

    def _keep(self, accepted: Iterable[Accepted]) -> None:
        self.pages += self.last
        self.seen += self.new
        self.history.add(picture_of(self.new), accepted)

    def accept(self) -> None:
        """Accept the run that was judged last."""
        self._keep([Accepted(breach.section, breach.measure) for breach in self.breaches])

    def reject(self) -> None:
        """Reject the run that was judged last."""


@dataclass(frozen=True)
class Quiet:
    """Simulated nights without a breakage: how many, what was told of another layout, and what of nothing."""

    nights: int
    of_layouts: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def quiet_nights(kind: Kind, seed: int, nights: int) -> Quiet:
    """Let nights pass in which a site shows what it always shows, but once another layout, which is accepted."""
    site = Nights(kind, PureGuard(), seed, nights)
    quiet = Quiet(nights)
    layouts = (Layout(), Layout())
    for runs in chain([[site.first_crawl()]], (site.pass_by() for _ in range(nights))):
        for run in runs:
            layout = layouts[site.layout]
            layout.pages += run.pages
            for breach in run.breaches:
                told = quiet.of_layouts if layout.is_new(breach, site) else quiet.alarms
                told.append(f"{run.day}: {breach}")
            if run.breaches:
                layout.accepted |= {Accepted(breach.section, breach.measure) for breach in run.breaches}
                site.guard.accept()
    return quiet


@dataclass
class Layout:
    """What was read while a site had a layout, and what a person accepted of it."""

    pages: list[Observation] = field(default_factory=list)
    accepted: set[Accepted] = field(default_factory=set)

    def is_new(self, breach: Breach, site: Nights) -> bool:
        """Tell whether pages show in this measure what they did not in the first layout, and nobody accepted that."""
        if any(one.measure == breach.measure and one.section in {"", breach.section} for one in self.accepted):
            return False
        pages = [page for page in self.pages if breach.section in {"", page.section}]
        return any(_differs(breach.measure, *site.layouts[page.key]) for page in pages)


def _differs(measure: str, *layouts: Observation) -> bool:
    shown = [seen_of([one])[0].values.get(measure) for one in layouts]
    return len({*shown}) > 1


@dataclass(frozen=True)
class Seen:
    """What became of a breakage: pages and nights with affected pages until it was seen, and by which measure.

    `limit` is the number of pages within which it must be.
    """

    affected: int
    nights: int
    measure: str | None
    limit: int

    @property
    def is_in_time(self) -> bool:
        """Whether it was seen within so many affected pages or three nights with such pages, whichever came later."""
        return self.measure is not None and (self.affected <= self.limit or self.nights <= MAX_NIGHTS_SEEN)


def is_hidden(breakage: Breakage, kind: Kind) -> bool:
    """Tell whether nothing can show a breakage: where ids are counted, that one has no page is no news."""
    return kind.is_counted and breakage.name == NO_PAGE


def until_seen(kind: Kind, seed: int, breakages: Sequence[Breakage], latest: int = LATEST) -> dict[str, Seen]:
    """Let a site break in each way on a random night of its own, and tell by name when the guard saw it."""
    site = Nights(kind, PureGuard(), seed, latest)
    site.first_crawl()
    chance = Random(seed)  # noqa: S311 - the same nights in every run
    begin = {one.name: chance.randint(EARLIEST, latest) for one in breakages}
    found: dict[str, Seen] = {}
    for night in range(1, latest + 1):
        for run in site.pass_by(quietly=True):
            if run.breaches:
                site.guard.accept()
        found |= {one.name: _seen(deepcopy(site), one) for one in breakages if begin[one.name] == night}
    return {one.name: found[one.name] for one in breakages}


def _seen(site: Nights, breakage: Breakage) -> Seen:
    site.breakage = breakage
    pages = affected = nights = 0
    told: str | None = None
    while told is None and affected < MAX_AFFECTED and site.since < MAX_NIGHTS:
        for run in site.pass_by(quietly=True):
            pages += len(run.pages)
            affected += len(run.affected)
            nights += bool(run.affected)
            told = run.breaches[0].measure if run.breaches and affected else told
    return Seen(affected, nights, told, MANY if affected * 10 >= pages else FEW_OF_MANY)
