"""Nights of five kinds of sites, in which pages of the sample portals come as such sites publish them.

What a page shows is read from its HTML (`pages.py`); the simulator decides which pages a night brings, and gives each a
key, a day and texts of its own. Backfills read older pages in an older layout, nights fall out, a section begins, and
the site is made anew, which a person accepts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from math import exp
from random import Random
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

from tests.guard.breakages import BREAKAGES
from tests.guard.pages import READ_AT, pages_of, read_broken, read_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from armcrawl.checks import Breach, Observation
    from tests.guard.breakages import Breakage
    from tests.guard.pages import SamplePage

BEGIN = date(2027, 1, 11)
# A paragraph of so many pages is the site's, not an article's.
OF_THE_SITE = 4
# Pages by which that is told of a breakage.
SAMPLED = 12
# Pages of the first crawl, which reads what listings show.
FIRST = (60, 240)
# The chance that a night is also a backfill, that a gap of some nights begins, and how long and large these are.
BACKFILL, GAP = 0.015, 0.01
BACKFILL_PAGES, GAP_NIGHTS = (60, 300), (2, 9)
# The night from which a section shows articles, and the one on which the layout changes, of as many as are simulated.
NEW_SECTION, REDESIGN = 0.4, 0.7
# A rubric of each portal that becomes a section, and where its pages are before that.
NEW_NAMES = {"portal": "articles", "journal": "vystavki"}
OLD_NAMES = {"portal": "news", "journal": "articles"}
# Of a site's archive what is older than so many years is in another layout.
OLD_YEARS = 3


class Guard(Protocol):
    """What is tried: it hears of each run's pages, and tells what they break."""

    def judge(self, observations: Sequence[Observation]) -> list[Breach]:
        """Judge a run, and keep what it saw if it holds."""

    def accept(self) -> None:
        """Accept the run that was judged last."""

    def reject(self) -> None:
        """Reject the run that was judged last."""


@dataclass(frozen=True)
class Kind:
    """A kind of site: which portals' pages it shows, in which layouts, and how many a night brings."""

    name: str
    portals: tuple[str, ...]
    number: Callable[[Random, date], int]
    is_counted: bool = True


LAYOUTS = {"portal": ("bootstrap", "html5", "tables"), "journal": ("wordpress", "static", "static")}


def _poisson(chance: Random, mean: float) -> int:
    limit, product, number = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number


def _few(chance: Random, day: date) -> int:
    return _poisson(chance, 1.2 if day.weekday() < 5 else 0.2)


def _bursts(chance: Random, day: date) -> int:
    is_fair = day.toordinal() % 41 < 4
    return _poisson(chance, 34 if is_fair else 7 if day.weekday() < 5 else 2)


def _holidays(chance: Random, day: date) -> int:
    turn = day.toordinal() % 90
    if turn < 10:
        return 0
    return 60 + _poisson(chance, 20) if turn == 10 else _poisson(chance, 16 if day.weekday() < 5 else 1)


def _mixed(chance: Random, day: date) -> int:
    return _poisson(chance, 14 if day.weekday() < 5 else 6)


def _listed(chance: Random, day: date) -> int:
    return _poisson(chance, 9 if day.weekday() < 5 else 3)


KINDS = (
    Kind("few pages", ("portal",), _few),
    Kind("bursts", ("portal",), _bursts),
    Kind("holidays", ("journal",), _holidays),
    Kind("mixed press", ("portal", "journal"), _mixed),
    Kind("listing", ("journal",), _listed, is_counted=False),
)


@cache
def common_hashes(portal: str, markup: str) -> frozenset[int]:
    """Return the paragraphs that the site puts on many pages."""
    counts = Counter(value for one in read_pages(portal, markup) for value in one.hashes)
    return frozenset(value for value, times in counts.items() if times >= OF_THE_SITE)


@cache
def common_broken(name: str, portal: str, markup: str) -> frozenset[int]:
    """Return what a breakage puts on many pages, by some of those that it affects."""
    breakage = next(one for one in BREAKAGES if one.name == name)
    affected = [page for page in pages_of(portal, markup) if breakage.affects(page)][:SAMPLED]
    found = [read_broken(page, breakage.change) for page in affected]
    counts = Counter(value for one in found for value in {*one.hashes, one.title, one.body})
    return frozenset(value for value, times in counts.items() if value and times >= OF_THE_SITE)


@dataclass
class Deck:
    """The pages of a portal in the order in which they come; none comes again before all others have."""

    portal: str
    chance: Random
    left: list[int] = field(default_factory=list)
    rounds: int = 0

    def draw(self, rubrics: frozenset[str]) -> tuple[int, int]:
        """Return the number of a page, of these rubrics if any is left, and how often the deck was dealt."""
        pages = pages_of(self.portal, LAYOUTS[self.portal][0])
        if not self.left:
            self.left = self.chance.sample(range(len(pages)), len(pages))
            self.rounds += 1
        place = next((place for place, one in enumerate(self.left[:12]) if pages[one].rubric in rubrics), 0)
        return self.left.pop(place), self.rounds


@dataclass(frozen=True)
class Night:
    """What a night brought: pages, those of them that a breakage changed, and what the guard said."""

    day: date
    pages: list[Observation]
    affected: list[str]
    breaches: list[Breach]


class Nights:
    """A site of a kind, and a guard that looks at it night after night."""

    def __init__(self, kind: Kind, guard: Guard, seed: int, nights: int) -> None:
        self.kind, self.guard, self.nights = kind, guard, nights
        self.chance = Random(f"{kind.name} {seed}")  # noqa: S311 - the same nights in every run
        self.decks = [Deck(portal, self.chance) for portal in kind.portals]
        self.day = BEGIN
        self.number = 100_000
        self.older = 99_999
        self.gap = 0
        self.layout = 0
        self.rubrics: frozenset[str] = frozenset()
        self.has_section = False
        self.backfilled = date(BEGIN.year - 1, 12, 31)
        self.breakage: Breakage | None = None
        self.since = 0  # nights since it began
        self.hit: list[str] = []  # pages of a run that are read otherwise for it
        # New pages by key as the first layout shows them, and as theirs does.
        self.layouts: dict[str, tuple[Observation, Observation]] = {}
        self.changes = 0

    def first_crawl(self) -> Night:
        """Read what the site shows on the first day."""
        number = self.chance.randint(*FIRST)
        days = sorted(self.day - timedelta(days=int(self.chance.expovariate(1 / 120))) for _ in range(number))
        return self._judged([self._page(day, is_old=False) for day in days])

    def pass_by(self, *, quietly: bool = False) -> Iterator[Night]:
        """Let a night pass; yield each run before the next, so that it may be accepted.

        `quietly` is without backfills, gaps and redesigns.
        """
        self.day += timedelta(days=1)
        self.changes += 1
        if self.breakage is not None:
            self.since += 1
        if self.gap:
            self.gap -= 1
            return
        if self.changes % 7 == 1:  # what the week is about
            self.rubrics = frozenset(self.chance.sample(_rubrics(self.kind), 1))
        if not quietly and self.chance.random() < GAP:
            self.gap = self.chance.randint(*GAP_NIGHTS)
        if self.changes == int(NEW_SECTION * self.nights):
            self.has_section = True
        if self.changes == int(REDESIGN * self.nights) and not quietly:
            self.layout = 1
        if not quietly and self.chance.random() < BACKFILL:
            yield self._backfill()
        number = self.kind.number(self.chance, self.day)
        yield self._judged([self._page(self.day - timedelta(days=self._lag()), is_old=False) for _ in range(number)])

    def _lag(self) -> int:
        """Return how many days before the night an article is dated: yesterday, most often."""
        return self.chance.choices((0, 1, 2, 3), (15, 75, 7, 3))[0]

    def _backfill(self) -> Night:
        number = self.chance.randint(*BACKFILL_PAGES)
        pages = []
        for _ in range(number):
            self.backfilled -= timedelta(days=self.chance.choice((0, 1, 3, 9)))
            pages.append(self._page(self.backfilled, is_old=True))
        return self._judged(pages)

    def _page(self, day: date, *, is_old: bool) -> Observation:
        deck = self.chance.choice(self.decks)
        place, rounds = deck.draw(self.rubrics)
        years = (self.day - day).days / 365
        layout = self.layout if not is_old else 2 if years > OLD_YEARS else self.layout
        markup = LAYOUTS[deck.portal][layout]
        # The first layout is the only one that breakages are made for.
        page, seen = pages_of(deck.portal, LAYOUTS[deck.portal][0])[place], None
        common = common_hashes(deck.portal, markup)
        clean = read_pages(deck.portal, markup)[place]
        if self.breakage is not None and not is_old and self._is_hit(page):
            seen = read_broken(page, self.breakage.change)
            common |= common_broken(self.breakage.name, deck.portal, LAYOUTS[deck.portal][0])
        own = self._own(seen or clean, clean, page, day, f"{deck.portal} {rounds}", common, is_old=is_old)
        self.hit += [own.key] if seen is not None and seen != clean else []
        self.layouts[own.key] = (read_pages(deck.portal, LAYOUTS[deck.portal][0])[place], clean)
        return own

    def _is_hit(self, page: SamplePage) -> bool:
        if self.breakage is None or not self.breakage.affects(page):
            return False
        return not self.breakage.nights or self.chance.random() < self.since / self.breakage.nights

    def _own(
        self, seen: Observation, clean: Observation, page: SamplePage, day: date, salt: str, common: frozenset[int],
        *, is_old: bool,
    ) -> Observation:  # fmt: skip
        """Return a page with a key, a day and texts that no other page has."""
        if is_old:
            number, self.older = self.older, self.older - 1
        else:
            number, self.number = self.number, self.number + 1
        section = page.key.section
        if page.rubric == NEW_NAMES[page.portal]:
            section = page.rubric if self.has_section else OLD_NAMES[page.portal]
        section = f"{page.portal}-{section}"
        # What the breakage made of the day stays, unless that is the day of the reading.
        moved = day if seen.day == clean.day else self.day if seen.day == READ_AT.date() else seen.day
        return replace(
            seen,
            key=f"{self.kind.name.replace(' ', '-')}/{section}/{number}",
            section=section,
            number=number if self.kind.is_counted else None,
            day=moved if seen.day is not None else None,
            fetched_on=self.day,
            hashes=frozenset(value if value in common else _salted(value, salt) for value in seen.hashes),
            title=seen.title if seen.title in common else _salted(seen.title, salt),
            body=seen.body if seen.body in common or not seen.body else _salted(seen.body, salt),
        )

    def _judged(self, pages: list[Observation]) -> Night:
        # What the store does not look at: ids have holes by nature.
        shown = [one for one in pages if not (self.kind.is_counted and one.kind.startswith("missing"))]
        affected, self.hit = self.hit, []
        return Night(self.day, pages, affected, self.guard.judge(shown))


def _salted(value: int, salt: str) -> int:
    return crc32(f"{value} {salt}".encode()) if value else 0


@cache
def _rubrics(kind: Kind) -> tuple[str, ...]:
    return tuple(sorted({page.rubric for portal in kind.portals for page in pages_of(portal, LAYOUTS[portal][0])}))
