"""Which kinds of discovery there are: ours, and those that other packages register under `armcrawl.discovery`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from armcrawl.discovery.counted import Counted
from armcrawl.errors import UsageError
from armcrawl.sites import known_sites
from armcrawl.sites.site import COUNTED
from armcrawl.store.queries.status import section_status

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.discovery.protocol import Discovery
    from armcrawl.sites import Site
    from armcrawl.store.queries.status import SectionStatus

GROUP = "armcrawl.discovery"
OWN: dict[str, type[Discovery]] = {COUNTED: Counted}


@cache
def kind_named(name: str) -> type[Discovery]:
    """Return a kind of discovery; raises UsageError for one that nobody registered, or that cannot be loaded."""
    if name in OWN:
        return OWN[name]
    registered = entry_points(group=GROUP)
    if name not in registered.names:
        known = ", ".join(sorted({*OWN, *registered.names}))
        raise UsageError(f"There is no kind of discovery {name!r}: the kinds are {known}.")
    try:
        kind: type[Discovery] = registered[name].load()
    except Exception as error:
        raise UsageError(f"The discovery {name!r} cannot be loaded: {type(error).__name__}: {error}.") from error
    return kind


def kind_of(site: Site) -> type[Discovery]:
    """Return the kind of discovery that a site declares; raises UsageError where there is none, or it does not fit."""
    try:
        kind = kind_named(site.discovery.kind)
    except UsageError as error:
        raise UsageError(f"The site {site.name}: {error}") from error
    kind.check(site)
    return kind


def _completeness(engine: Engine, site: Site) -> list[SectionStatus]:
    try:
        kind = kind_of(site)
    except UsageError:  # of a package that is not installed here
        return section_status(engine, site.name)
    return kind.completeness(engine, site)


def completeness(engine: Engine) -> list[SectionStatus]:
    """Return what the ledger knows of each section of each site; of one that is not declared here, by its numbers."""
    sites = known_sites()
    found = [status for site in sites.values() for status in _completeness(engine, site)]
    return sorted(
        found + [status for status in section_status(engine) if status.site not in sites],
        key=lambda status: (status.site, status.section),
    )
