"""A site whose ids are numbers that rise with time: what is missing is arithmetic."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.discovery.bisection import DayFinder
from armcrawl.discovery.frontier import Frontier
from armcrawl.discovery.options import NoOptions, options_of, sections_of
from armcrawl.discovery.spans import SpanReader
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey, address_of, identify
from armcrawl.store.base.heads import far_above
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.ledger import Due
from armcrawl.store.queries.status import section_status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Access
    from armcrawl.items import Page
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration
    from armcrawl.store.queries.status import SectionStatus

logger = logging.getLogger(__name__)

# Ids are given out some days before their article is dated: so many neighbours may belong to the next or the last day.
UNORDERED = 20
# Three groups of linked ids, as the frontier orders them: more are no listing of articles.
MAX_CLAIMS = 15
# Ids are given out before they are published, a few at a time.
PROBES_PAST_HEAD = 3


class Counted:
    """Finds where each section ends, and asks for every id below that the ledger lacks, newest first."""

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None:
        self.access = access
        self.site = access.site
        own = sections_of(access.site, declared)
        self.sections = [name for name in access.sections if name in own]
        self.witness: Due | None = None
        self.spans: dict[str, tuple[int, int]] = {}

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for options, which there are none of, and for sections whose ids do not tell addresses."""
        options_of(site, declared, NoOptions)
        for section in map(site.section, sections_of(site, declared)):
            if section.patterns[0].kind != "id:int" or site.address(PageKey(site.name, section.name, "1")) is None:
                raise UsageError(
                    f"{site.name}: counted discovery asks for numbers, and a number does not tell the address of a "
                    f"page of {section.name}: {section.addresses[0]}. Say how else its pages are found, as with "
                    'kind = "listing" under [[discovery]].'
                )

    async def due(self, goal: Goal | None) -> AsyncIterator[Page | Due]:
        """Yield the pages that settle the heads, then what is to be asked for."""
        frontier = await Frontier.of(self.access.run.database, self.site.name, self.sections)
        addresses = await self.access.entry_addresses()
        if addresses is None:
            return
        shown = {key.section for address in addresses if (key := identify(address)) and key.site == self.site.name}
        hidden = [name for name in self.sections if name not in shown and frontier.heads[name]]
        # A night looks past the head of one section that no page shows, the next past that of another.
        turn = hidden[clock.now().toordinal() % len(hidden)] if hidden else None
        for section in self.sections:
            async for page in self._find_head(frontier, section, addresses, may_probe=section == turn):
                yield page
        self.witness = next(
            (Due(PageKey(self.site.name, name, str(top))) for name, top in frontier.heads.items() if top), None
        )
        if self.witness is None and not self.access.is_over:
            self.access.run.fail(f"{self.access.server} shows no article: is the address right?")
        if goal is None:
            self.access.run.expected = await frontier.count()
            async for due in frontier.wanted(self.access.max_requests):
                yield due
            return
        async for one in self._days(frontier, goal) if goal.has_days else self._ids(frontier, goal):
            yield one

    @classmethod
    def sample(cls, site: Site, sections: Sequence[str], linked: Sequence[str], number: int) -> list[str]:
        """Return addresses spread evenly from the newest linked id of each section down to the first."""
        counted = site.counted_sections.intersection(sections)
        numbers: dict[str, set[int]] = {}
        for key in filter(None, map(identify, linked)):
            if key.site == site.name and key.section in counted and key.number:
                numbers.setdefault(key.section, set()).add(key.number)
        # A lone id far above the others is no head.
        heads = {section: far_above(found)[0] for section, found in numbers.items()}
        spread = [_spread(site.name, section, head, number) for section, head in sorted(heads.items())]
        shares = [key for keys in spread for key in keys[:: len(spread)]]
        # A section with fewer ids than its share leaves room for others.
        chosen = dict.fromkeys([*shares, *(key for keys in spread for key in keys)])
        return [address_of(key) for key in chosen][:number]

    @classmethod
    def completeness(cls, engine: Engine, site: Site) -> list[SectionStatus]:
        """Return what is known of every id up to each section's head."""
        counted = site.counted_sections
        return [status for status in section_status(engine, site.name) if status.section in counted]

    async def _find_head(
        self, frontier: Frontier, section: str, addresses: list[str], *, may_probe: bool
    ) -> AsyncIterator[Page]:
        """Yield the pages that settle where a section ends: the highest linked articles, and what is past them.

        Past a head that did not move it looks only if it `may_probe`.
        """
        failed: list[Page] = []
        async for page in self._claimed(frontier, section, addresses):
            if page.outcome is Outcome.FAILED:
                failed.append(page)
            else:
                yield page
        for newer in failed:
            yield newer
        if failed and not frontier.heads[section]:
            reason = failed[-1].reason
            self.access.run.fail(
                f"The newest of {section} cannot be read ({reason}): the next run tries again.", reason
            )
            return
        is_moved = section in frontier.moved
        probes = PROBES_PAST_HEAD if is_moved or (may_probe and frontier.is_uncertain(section)) else 0
        while probes:
            probes -= 1
            found = await self.access.fetch(frontier.next_probe(section))
            # What does not answer past the head is not recorded: it may be tomorrow's article.
            if found is not None and found.shows_article:
                probes = PROBES_PAST_HEAD
                yield await self._raise_head(frontier, found)

    async def _claimed(self, frontier: Frontier, section: str, addresses: list[str]) -> AsyncIterator[Page]:
        """Yield linked pages that may be the head, until one is: articles, and what cannot be read."""
        found: list[Page] = []
        for key in frontier.claims(addresses, section)[:MAX_CLAIMS]:
            page = await self.access.fetch(key)
            if page is None or not (page.outcome is Outcome.FAILED or page.shows_article):
                continue
            found.append(page)
            yield await self._raise_head(frontier, page) if page.shows_article else page
            if page.shows_article and (key.number or 0) <= frontier.heads[section]:
                return
        if not frontier.heads[section]:
            return
        for page in found:
            said = "is stored, and stands alone" if page.shows_article else f"cannot be read ({page.reason})"
            logger.warning("%s %s: the newest of %s is %d.", page.key, said, section, frontier.heads[section])

    async def _raise_head(self, frontier: Frontier, page: Page) -> Page:
        """Take a page for the newest of its section, unless it stands alone; it is not asked for again."""
        await self.access.run.claim_origin()
        frontier.raise_head(page.key, page.day)
        frontier.asked.add(page.key)
        return page

    async def _find_days(self, frontier: Frontier, goal: Goal) -> AsyncIterator[Page]:
        """Find the ids of the goal's days in each section, and yield the pages that were probed on the way."""
        for section, top in frontier.heads.items():
            known = await self.access.run.database.call(ledger.dates, self.site.name, section, top)
            finder = DayFinder(top, known, partial(self._probe, section))
            first, last = 1, top
            if goal.first_day is not None:
                first = (await finder.around(goal.first_day))[0] + 1 - UNORDERED
            if goal.last_day is not None:
                last = (await finder.around(goal.last_day + timedelta(days=1)))[1] - 1 + UNORDERED
            self.spans[section] = (max(1, first), min(top, last))
            self.access.run.count("probes", len(finder.probes))
            for page in finder.probes:
                frontier.asked.add(page.key)
                if page.outcome in {Outcome.MISSING, Outcome.NOT_ARTICLE}:
                    frontier.holes.add(page.key)
                yield page
            span = self.spans[section]
            wanted = await frontier.count_in({section: [span]})
            found = f"{wanted} ids wanted of {span[0]}-{span[1]}" if first <= last else "no ids"
            logger.warning("%s, %s: %s, found with %d probes.", section, goal.in_words(), found, len(finder.probes))

    async def _ids(self, frontier: Frontier, goal: Goal) -> AsyncIterator[Page | Due]:
        """Yield what the ledger lacks of the goal's ids, or of all."""
        spans = {name: list(goal.ids) or [(1, top)] for name, top in frontier.heads.items()}
        self.access.run.expected = await frontier.count_in(spans)
        async for due in frontier.wanted_in(spans):
            yield due

    async def _days(self, frontier: Frontier, goal: Goal) -> AsyncIterator[Page | Due]:
        """Yield the pages of the goal's days without their large holes, then what earlier runs failed to get."""
        async for page in self._find_days(frontier, goal):
            yield page
        run = self.access.run
        run.expected = await frontier.count_in({name: [span] for name, span in self.spans.items()})
        for section, (first, last) in self.spans.items():
            known = await frontier.known_in(section, first, last)
            reader = SpanReader(known, partial(self._probe, section))
            async for page in reader.pages(first, last):
                frontier.asked.add(page.key)
                yield page
            skipped = reader.skipped(first, last) if not reader.is_over else []
            if skipped:
                number = sum(high - low + 1 for low, high in skipped)
                run.count("holes/skipped", number)
                run.expected -= number
                logger.warning(
                    "%s: %d ids between %d and %d lie in large holes, and were not asked for: `armcrawl backfill %s "
                    "--section %s --ids %d-%d` asks for them.",
                    *(section, number, skipped[0][0], skipped[-1][1], self.site.name, section),
                    *(skipped[0][0], skipped[-1][1]),
                )
        async for due in frontier.failed_in({name: [span] for name, span in self.spans.items()}):
            yield due

    async def _probe(self, section: str, number: int) -> Page | None:
        return await self.access.fetch(PageKey(self.site.name, section, str(number)))


def _spread(site: str, section: str, head: int, pages: int) -> list[PageKey]:
    """Return up to so many ids from the head down to the first, evenly spread."""
    numbers = dict.fromkeys(max(1, head - step * head // pages) for step in range(pages))
    return [PageKey(site, section, str(number)) for number in numbers]
