"""Which ids of a site are still to be asked for: arithmetic over the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from armcrawl import clock
from armcrawl.sites import PageKey, identify
from armcrawl.store.base.heads import WITNESSES, close_groups, head_among
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.audit import to_audit
from armcrawl.store.ledger.ledger import Due

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from datetime import date

    from armcrawl.store.base.database_worker import DatabaseWorker

# Ids are compared with the ledger in windows, so that memory does not grow with the archive: ten megabytes at most.
WINDOW = 50_000
# What is due at once is read at once: ten nights' budgets of it.
MAX_DUE = 10_000
# A tenth of a night's budget: what fails for ever must not eat what is new.
MAX_FAILED = 100
# A linked id without an article is an advertisement or a slip; this many of a group are enough to try.
MAX_OF_GROUP = 5


class Frontier:
    """The ids between 1 and the head of each section, less those whose fate is known.

    `seen` are the newest ids of each section that articles were seen under, with their dates: they tell the head.
    `uncounted` are those that a person took out of the count.
    """

    def __init__(
        self,
        database: DatabaseWorker,
        site: str,
        seen: dict[str, dict[int, date | None]],
        uncounted: dict[str, set[int]],
    ) -> None:
        self.database = database
        self.site = site
        self.seen = seen
        self.uncounted = uncounted
        self.heads = {section: head_among(found) for section, found in seen.items()}
        self.known_heads = dict(self.heads)
        self.shown: set[str] = set()
        self.moved: set[str] = set()
        self.asked: set[PageKey] = set()
        self.holes: set[PageKey] = set()  # of these: ids without an article
        self.probed: dict[str, int] = {}

    @classmethod
    async def of(cls, database: DatabaseWorker, site: str, sections: Iterable[str]) -> Self:
        """Return the frontier of some sections, their heads as the ledger knows them."""
        seen: dict[str, dict[int, date | None]] = {}
        uncounted: dict[str, set[int]] = {}
        for section in sections:
            seen[section], uncounted[section] = await database.call(ledger.newest_seen, site, section)
        return cls(database, site, seen, uncounted)

    def claims(self, addresses: Iterable[str], section: str) -> list[PageKey]:
        """Return linked ids above a section's head that may be its new one, the likeliest first.

        The ids that a site shows are close together, and a lone one far above them is a slip or a test. So the
        largest group comes first, of equal ones the lowest, and of each group its highest ids. What is shown is
        remembered; what is in the ledger already is no claim any more.
        """
        keys = {key for address in addresses if (key := identify(address)) and key[:2] == (self.site, section)}
        if keys:
            self.shown.add(section)
        head = self.heads[section]
        groups = close_groups({number for key in keys if (number := key.number)} | ({head} if head else set()))
        if [head] in groups and self._is_doubtful(section):
            head = 0
        likely = sorted(groups, key=lambda group: (-len(group), group[-1]))
        newest = (number for group in likely for number in group[: -MAX_OF_GROUP - 1 : -1])
        known = self.seen[section].keys() | self.uncounted[section]
        return [PageKey(self.site, section, str(number)) for number in newest if number > head and number not in known]

    def _is_doubtful(self, section: str) -> bool:
        """Tell whether so few articles make a head that what the site shows far below it counts as much."""
        return all(len(group) < WITNESSES for group in close_groups(self.seen[section]))

    def raise_head(self, key: PageKey, day: date | None = None) -> None:
        """Take note of an id that an article answered under: it is its section's head, unless it stands alone."""
        if key.number is None:
            return
        seen = self.seen[key.section]
        seen[key.number] = day
        found = head_among(seen)
        if found != self.heads[key.section]:
            self.heads[key.section] = found
            self.moved.add(key.section)

    def next_probe(self, section: str) -> PageKey:
        """Return the next id past the head that was not tried yet."""
        self.probed[section] = max(self.probed.get(section, 0), self.heads[section]) + 1
        return PageKey(self.site, section, str(self.probed[section]))

    def is_uncertain(self, section: str) -> bool:
        """Tell whether there may be ids past the head: it moved, or no page shows the section."""
        return section in self.moved or (section not in self.shown and self.heads[section] > 0)

    async def wanted(self, max_requests: int = 0) -> AsyncIterator[Due]:
        """Yield what is to be asked for, newest first: what is new, is due, has failed, is to be audited, holes.

        `max_requests` is the budget that the audit gets a share of; 0 is no limit.
        """
        failed = await self._failed({name: [(1, top)] for name, top in self.heads.items()}, MAX_FAILED)
        known = {name: min(self.known_heads[name], top) for name, top in self.heads.items()}
        async for key in self._in_turn({name: (known[name] + 1, top) for name, top in self.heads.items()}):
            yield Due(key)
        again = await self.database.call(ledger.due, self.site, list(self.heads), clock.now(), MAX_DUE)
        audited = await self.database.call(to_audit, self.site, list(self.heads), clock.now(), max_requests)
        for due in [*again, *failed, *audited]:
            if due.key not in self.asked:
                yield due
        async for key in self._in_turn({name: (1, known[name]) for name in self.heads}):
            yield Due(key)

    async def wanted_in(self, spans: Mapping[str, Sequence[tuple[int, int]]]) -> AsyncIterator[Due]:
        """Yield what is to be asked for in some spans of ids of each section, newest first."""
        failed = await self._failed(spans, None)
        for section, first, last in self._below_heads(spans):
            async for key in self._wanted_of(section, first, last):
                yield Due(key)
        for due in failed:
            yield due

    async def count(self) -> int:
        """Return how many pages a night without a limit would ask for, the audit's aside."""
        unknown = await self.count_in({name: [(1, top)] for name, top in self.heads.items()})
        due = await self.database.call(ledger.count_due, self.site, list(self.heads), clock.now())
        return unknown + min(due, MAX_DUE)

    async def failed_in(self, spans: Mapping[str, Sequence[tuple[int, int]]]) -> AsyncIterator[Due]:
        """Yield what earlier runs failed to get in some spans of ids of each section."""
        for due in await self._failed(spans, None):
            yield due

    async def known_in(self, section: str, first: int, last: int) -> dict[int, bool]:
        """Return the ids of a span that the ledger knows, or this run has asked for, and whether each is no hole."""
        known = await self.database.call(ledger.holes_among, self.site, section, first, last)
        asked = {key.number: key not in self.holes for key in self.asked if key.section == section and key.number}
        return {number: is_one for number, is_one in asked.items() if first <= number <= last} | known

    async def count_in(self, spans: Mapping[str, Sequence[tuple[int, int]]]) -> int:
        """Return how many ids that is."""
        counts = [await self.database.call(ledger.count_wanted, self.site, *span) for span in self._below_heads(spans)]
        return sum(counts)

    def _below_heads(self, spans: Mapping[str, Sequence[tuple[int, int]]]) -> list[tuple[str, int, int]]:
        """Return spans without what is no id, or above the head of its section; the newest of each section first."""
        return [
            (section, max(1, first), min(last, self.heads[section]))
            for section, found in spans.items()
            for first, last in sorted(found, reverse=True)
        ]

    async def _failed(self, spans: Mapping[str, Sequence[tuple[int, int]]], limit: int | None) -> list[Due]:
        """Return what earlier runs failed to get: apart from the rest, as it must not stand in the way."""
        failed: list[Due] = []
        for section, first, last in self._below_heads(spans):
            numbers = await self.database.call(ledger.failed_numbers, self.site, section, first, last, limit)
            keys = [PageKey(self.site, section, str(number)) for number in numbers]
            failed += [Due(key, has_failed=True) for key in keys if key not in self.asked]
        return failed

    async def _in_turn(self, spans: dict[str, tuple[int, int]]) -> AsyncIterator[PageKey]:
        """Yield the wanted ids of each section's span, section by section in turn."""
        sources = [self._wanted_of(section, first, last) for section, (first, last) in spans.items()]
        while sources:
            for source in sources[:]:
                key = await anext(source, None)
                if key is None:
                    sources.remove(source)
                else:
                    yield key

    async def _wanted_of(self, section: str, first: int, last: int) -> AsyncIterator[PageKey]:
        for top in range(last, first - 1, -WINDOW):
            bottom = max(first, top - WINDOW + 1)
            for number in await self.database.call(ledger.wanted_numbers, self.site, section, bottom, top):
                key = PageKey(self.site, section, str(number))
                if key not in self.asked:
                    yield key
