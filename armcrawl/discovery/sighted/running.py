"""All sources of a site as one discovery: they are read, and what they show and the ledger lacks is due."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.discovery.protocol import LeadError, RunOverError
from armcrawl.discovery.sighted.walk import Depth, Walk
from armcrawl.items import Reason
from armcrawl.reading.response import is_gone
from armcrawl.store.ledger import ledger, sightings, walks
from armcrawl.store.ledger.audit import to_audit
from armcrawl.store.queries.status import seen_status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from datetime import date

    from sqlalchemy import Engine

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Access
    from armcrawl.discovery.sighted.source import Source
    from armcrawl.sites import PageKey, Site
    from armcrawl.sites.site import DiscoveryDeclaration
    from armcrawl.store.ledger.ledger import Due
    from armcrawl.store.queries.status import SectionStatus

logger = logging.getLogger(__name__)

# Two days' articles and more: so many are asked for before listings are read on.
AT_ONCE = 50
# Those under way are not stored yet, and come up once more: a batch of the store's, and what waits.
UNDER_WAY = 1_000
# As for counted ids: what is due at once, and what fails for ever, must not eat what is new.
MAX_DUE = 10_000
MAX_FAILED = 100


class Sighted:
    """Reads the sources of a site, and asks for what they show and the ledger lacks, newest first."""

    def __init__(self, access: Access, sources: Sequence[tuple[type[Source], DiscoveryDeclaration]]) -> None:
        self.access = access
        self.site = access.site
        self.sources = [kind(access, declared) for kind, declared in sources]
        self.witness: Due | None = None
        self.asked: set[PageKey] = set()
        self.errors: list[tuple[str, LeadError]] = []
        self.has_begun = self.has_read = False

    @property
    def sections(self) -> list[str]:
        """The names of the run's sections that have a source."""
        shown = {name for source in self.sources for name in getattr(source, "sections", self.access.sections)}
        return [name for name in self.access.sections if name in shown]

    async def due(self, goal: Goal | None) -> AsyncIterator[Due]:
        """Yield what is due, while the sources are read."""
        call, site = self.access.run.database.call, self.site.name
        self.witness = await call(sightings.newest_stored, site, self.sections)
        days = (goal.first_day, goal.last_day) if goal is not None else (None, None)
        async for due in self._read(Depth.of(goal), days):
            yield due
        if not self.access.is_over and not (self.has_read and await call(sightings.has_sightings, site)):
            self._give_up()
            return
        if goal is None:
            async for due in self._again():
                yield due
        async for due in self._unasked(days, None):
            yield due
        if goal is not None:
            async for due in self._once(await call(sightings.failed, site, self.sections, None)):
                yield due

    async def _read(self, depth: Depth, days: tuple[date | None, date | None]) -> AsyncIterator[Due]:
        """Read all sources, those that are few files first; yield some articles whenever a page was read."""
        paged: list[tuple[Walk, AsyncIterator[None]]] = []
        for source in self.sources:
            begun = await self._begin(source, depth)
            if source.is_paged:
                paged += begun
                continue
            for one in begun:
                while await self._step(*one):
                    pass
        is_first = True
        while paged or is_first:
            is_first = False
            paged = [one for one in paged if await self._step(*one)]
            await self._expect(days)
            async for due in self._unasked(days, AT_ONCE):
                yield due

    async def _begin(self, source: Source, depth: Depth) -> list[tuple[Walk, AsyncIterator[None]]]:
        """Begin the walks of a source: none where the run may ask no more."""
        try:
            starts = await source.starts()
        except RunOverError:
            return []
        except LeadError as error:
            self._note_unreadable(f"the page that may name a {source.kind}", error)
            return []
        self.has_begun |= bool(starts)
        walks_begun = [await Walk.begin(self.access, source.kind, start) for start in starts]
        return [(walk, source.walk(walk, depth)) for walk in walks_begun]

    async def _step(self, walk: Walk, steps: AsyncIterator[None]) -> bool:
        """Let a walk read one more page; tell whether it may go on."""
        try:
            await anext(steps)
        except (StopAsyncIteration, RunOverError) as end:
            self.has_read |= isinstance(end, StopAsyncIteration)
            self._tell_gap(walk)
            return False
        except LeadError as error:
            self._note_unreadable(walk.name, error)
            if is_gone(error.status):
                await self.access.run.database.call(walks.forget_source, self.site.name, walk.name)
            return False
        self.has_read = True
        return True

    def _note_unreadable(self, name: str, error: LeadError) -> None:
        self.errors.append((name, error))
        self.access.run.count("discovery/unreadable")
        logger.warning("%s cannot be read: %s.", name, error)

    def _tell_gap(self, walk: Walk) -> None:
        record = walk.record
        if record.gap_from is not None and record.ended and not record.is_open:
            self.access.run.count("discovery/gaps")
            logger.warning(
                "%s goes back to %s, and what it showed before ends at %s: what came between was not seen there.",
                *(walk.name, record.gap_to or "a page without days", record.gap_from),
            )

    def _give_up(self) -> None:
        """Fail the run, as no source could be read, or none has ever shown anything: a wall is told before a fault."""
        if self.errors:
            name, error = max(self.errors, key=lambda one: str(one[1]).startswith(Reason.BLOCKED))
            self.access.run.fail(f"{self.access.server}: {name} cannot be read: {error}.", str(error))
        elif not self.has_begun:
            kinds = " and no ".join(dict.fromkeys(source.kind for source in self.sources))
            self.access.run.fail(
                f"{self.access.server} names no {kinds}: if it has one, say where with `start` under [[discovery]], "
                "or have a listing read."
            )
        else:
            self.access.run.fail(f"{self.access.server} shows no article: is the address right?")

    async def _again(self) -> AsyncIterator[Due]:
        """Yield what may have changed, and what failed."""
        call, site, sections = self.access.run.database.call, self.site.name, self.sections
        ignored = await call(sightings.lying, site)
        if ignored:
            self.access.run.count("discovery/lastmod_ignored", len(ignored))
        changed = await call(sightings.changed, site, sections, MAX_DUE, ignored)
        async for due in self._once(changed):
            await call(sightings.note_asked, [due.key])
            yield due
        async for due in self._once(await call(ledger.due, site, sections, clock.now(), MAX_DUE)):
            yield due
        async for due in self._once(await call(sightings.failed, site, sections, MAX_FAILED)):
            yield due
        async for due in self._once(await call(to_audit, site, sections, clock.now(), self.access.max_requests)):
            yield due

    async def _unasked(self, days: tuple[date | None, date | None], number: int | None) -> AsyncIterator[Due]:
        """Yield so many pages that were never asked for, or all of them, the newest first."""
        while True:
            limit = (number or UNDER_WAY) + UNDER_WAY
            # While sources are read, a later one may still tell of what day an article is.
            is_dated = number is not None and days != (None, None)
            arguments = (self.site.name, self.sections, limit, days)
            found = await self.access.run.database.call(sightings.unasked, *arguments, is_dated=is_dated)
            wanted = [due for due in found if due.key not in self.asked][:number]
            async for due in self._once(wanted):
                yield due
            if number is not None or not wanted:
                return

    async def _once(self, found: Iterable[Due]) -> AsyncIterator[Due]:
        for due in found:
            if due.key not in self.asked:
                self.asked.add(due.key)
                yield due

    async def _expect(self, days: tuple[date | None, date | None]) -> None:
        waiting = await self.access.run.database.call(sightings.count_unasked, self.site.name, self.sections, days)
        self.access.run.expected = max(waiting, len(self.asked))

    @classmethod
    def sample(cls, site: Site, sections: Sequence[str], linked: Sequence[str], number: int) -> list[str]:
        """Return addresses of articles that a page links to, section by section in turn."""
        found: dict[str, dict[PageKey, str]] = {}
        for address in linked:
            key = site.identify(address)
            if key is not None and key.section in sections:
                found.setdefault(key.section, {}).setdefault(key, address)
        shares = [list(pages.values()) for pages in found.values()]
        turns = range(max(map(len, shares), default=0))
        return [share[turn] for turn in turns for share in shares if turn < len(share)][:number]

    @classmethod
    def completeness(cls, engine: Engine, site: Site) -> list[SectionStatus]:
        """Return what the ledger knows of each section that is not counted."""
        return seen_status(engine, site.name, site.counted_sections)
