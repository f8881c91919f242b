"""Pages that somebody adds by their addresses: nothing is looked for, and those that are known are asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.discovery.options import NoOptions, options_of, sections_of
from armcrawl.store.ledger import ledger, sightings
from armcrawl.store.ledger.audit import to_audit
from armcrawl.store.queries.status import seen_status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Access
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration
    from armcrawl.store.ledger.ledger import Due
    from armcrawl.store.queries.status import SectionStatus

# As many as a night could ask for: two seconds apart, four hours are 7,200.
MAX_DUE = 10_000


class Added:
    """Asks for what is due again, and for what every run has failed to get."""

    # Pages of many hosts vouch for none.
    witness: Due | None = None

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None:
        self.access = access
        own = sections_of(access.site, declared)
        self.sections = [name for name in access.sections if name in own]

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for options, which there are none of."""
        options_of(site, declared, NoOptions)

    async def due(self, goal: Goal | None) -> AsyncIterator[Due]:
        """Yield what is due."""
        del goal
        call, site = self.access.run.database.call, self.access.site.name
        for due in await call(ledger.due, site, self.sections, clock.now(), MAX_DUE):
            yield due
        for due in await call(sightings.failed, site, self.sections, MAX_DUE):
            yield due
        for due in await call(to_audit, site, self.sections, clock.now(), self.access.max_requests):
            yield due

    @classmethod
    def sample(cls, site: Site, sections: Sequence[str], linked: Sequence[str], number: int) -> list[str]:
        """Return nothing: no page leads to others."""
        del site, sections, linked, number
        return []

    @classmethod
    def completeness(cls, engine: Engine, site: Site) -> list[SectionStatus]:
        """Return what the ledger knows of each section that is not counted."""
        return seen_status(engine, site.name, site.counted_sections)
