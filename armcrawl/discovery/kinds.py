"""Which kinds of discovery there are: ours, and those that other packages register under `armcrawl.discovery`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from armcrawl.discovery.sighted.source import is_source
from armcrawl.discovery.united import United
from armcrawl.errors import UsageError
from armcrawl.sites import known_sites
from armcrawl.sites.site import ADDED, COUNTED
from armcrawl.store.ledger.ledger import sites_with_pages
from armcrawl.store.queries.status import section_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Access, Discovery
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration
    from armcrawl.store.queries.status import SectionStatus

GROUP = "armcrawl.discovery"
# Where each of our own is, within `armcrawl.discovery`: a crawl imports those of its site.
OWN = {
    COUNTED: "counted:Counted",
    "listing": "sighted.listing:Listing",
    "feed": "sighted.feed:Feed",
    "sitemap": "sighted.sitemap:Sitemap",
    ADDED: "added:Added",
}


@cache
def kind_named(name: str) -> type[Any]:
    """Return a kind of discovery; raises UsageError for one that nobody registered, or that cannot be loaded."""
    kind: type[Any]
    if name in OWN:
        module, _, attribute = OWN[name].partition(":")
        kind = getattr(import_module(f"armcrawl.discovery.{module}"), attribute)
        return kind
    registered = entry_points(group=GROUP)
    if name not in registered.names:
        known = ", ".join(sorted({*OWN, *registered.names}))
        raise UsageError(f"There is no kind of discovery {name!r}: the kinds are {known}.")
    try:
        kind = registered[name].load()
    except Exception as error:
        raise UsageError(f"The discovery {name!r} cannot be loaded: {type(error).__name__}: {error}.") from error
    return kind


class Plan:
    """How the pages of a site are found: its kinds of discovery, all sources among them as one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sources: list[tuple[type[Any], DiscoveryDeclaration]] = []
        self.others: list[tuple[type[Any], DiscoveryDeclaration]] = []
        for declared in site.discoveries:
            kind = kind_named(declared.kind)
            kind.check(site, declared)
            (self.sources if is_source(kind) else self.others).append((kind, declared))

    @property
    def _sighted(self) -> list[type[Any]]:
        """Return what makes one discovery of all sources, if there are any."""
        if not self.sources:
            return []
        from armcrawl.discovery.sighted.running import Sighted

        return [Sighted]

    def begin(self, access: Access) -> Discovery | United:
        """Return the discovery of a run."""
        found: list[Any] = [kind(access, self.sources) for kind in self._sighted]
        found += [kind(access, declared) for kind, declared in self.others]
        return found[0] if len(found) == 1 else United(found)

    def check_goal(self, goal: Goal | None) -> None:
        """Raise UsageError for ids of a site that does not count its pages, and for what nothing looks for."""
        if goal is not None and not goal.keys and all(one.kind == ADDED for one in self.site.discoveries):
            raise UsageError(
                f"Nothing is looked for on {self.site.name}: add its pages by `armcrawl add URL`, or with --urls."
            )
        if goal is not None and goal.ids and not self.others:
            raise UsageError(
                f"The articles of {self.site.name} have no ids that rise with time: say days with --since and --until, "
                "--all, or a list of addresses with --urls."
            )

    def sample(self, sections: Sequence[str], linked: Sequence[str], number: int) -> list[str]:
        """Return so many addresses spread over the site, by what its home page links to."""
        kinds = [*self._sighted, *(kind for kind, _ in self.others)]
        found = [address for kind in kinds for address in kind.sample(self.site, sections, linked, number)]
        return list(dict.fromkeys(found))[:number]

    def completeness(self, engine: Engine) -> list[SectionStatus]:
        """Return what the ledger knows of each section."""
        kinds = [*self._sighted, *(kind for kind, _ in self.others)]
        found: dict[str, SectionStatus] = {}
        for kind in kinds:
            found |= {status.section: status for status in kind.completeness(engine, self.site)}
        return list(found.values())


def plan_of(site: Site) -> Plan:
    """Return how a site's pages are found; raises UsageError where a kind is not there, or does not fit."""
    try:
        return Plan(site)
    except UsageError as error:
        said = str(error)
        raise UsageError(said if said.startswith(f"{site.name}:") else f"The site {site.name}: {said}") from error


def _completeness(engine: Engine, site: Site) -> list[SectionStatus]:
    try:
        plan = plan_of(site)
    except UsageError:  # of a package that is not installed here
        return section_status(engine, site.name)
    return plan.completeness(engine)


def completeness(engine: Engine) -> list[SectionStatus]:
    """Return what the ledger knows of each section of each site; of one that is not declared here, by its numbers."""
    sites = known_sites()
    found = [status for site in sites.values() for status in _completeness(engine, site)]
    found += [status for name in sites_with_pages(engine) - sites.keys() for status in section_status(engine, name)]
    return sorted(found, key=lambda status: (status.site, status.section))
