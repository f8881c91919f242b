"""Which sites and sections the ledger has pages of: a look into an index for each, however many pages there are.

Neither database skips from one value to the next by itself: DISTINCT reads a million entries to tell one section.
https://wiki.postgresql.org/wiki/Loose_indexscan
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select

from armcrawl.store.base.schema import pages

if TYPE_CHECKING:
    from sqlalchemy import CTE, Connection


def sites_in(connection: Connection) -> set[str]:
    """Return the names of the sites that the ledger has a page of."""
    sites = _sites()
    return set(connection.execute(select(sites.c.site).where(sites.c.site.is_not(None))).scalars())


def sections_in(connection: Connection, site: str | None = None) -> list[tuple[str, str]]:
    """Return site and section of every section that the ledger has a page of, of one site or of all, in order."""
    found = _sections(_sites() if site is None else select(literal(site).label("site")).cte("sites"))
    rows = connection.execute(select(found.c.site, found.c.section).where(found.c.section.is_not(None)))
    return sorted((row.site, row.section) for row in rows)


def _sites() -> CTE:
    """Return the sites, and NULL after the last one."""
    found = select(func.min(pages.c.site).label("site")).cte("sites", recursive=True)
    following = select(func.min(pages.c.site)).where(pages.c.site > found.c.site).scalar_subquery()
    return found.union_all(select(following).where(found.c.site.is_not(None)))


def _sections(sites: CTE) -> CTE:
    """Return the sections of some sites, and NULL after the last one of each."""
    lowest = select(func.min(pages.c.section)).where(pages.c.site == sites.c.site).scalar_subquery()
    first = select(sites.c.site, lowest.label("section")).where(sites.c.site.is_not(None))
    found = first.cte("sections", recursive=True)
    is_after = (pages.c.site == found.c.site) & (pages.c.section > found.c.section)
    following = select(func.min(pages.c.section)).where(is_after).scalar_subquery()
    return found.union_all(select(found.c.site, following).where(found.c.section.is_not(None)))
