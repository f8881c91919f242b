"""Tags, sources and sites that a search names and no article has, with near ones."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.analysis.suggestions import count
from armcrawl.redaction import harmless
from armcrawl.russian.search_query import Zone, fielded, site_name
from armcrawl.sites import known_sites
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.queries.article_rows import ids_named
from armcrawl.store.queries.choice import Facet
from armcrawl.store.queries.near_names import MAX_NAMES, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Table

    from armcrawl.store.queries.choice import Choice

# By what a search was narrowed; None is the site.
NO_ARTICLE = {
    Zone.TAGS: "No article has the tag",
    Zone.SOURCES: "No article names the source",
    None: "There is no site",
}
LINKS: dict[Zone, Table] = {Zone.TAGS: schema.article_tags, Zone.SOURCES: schema.article_sources}


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that no article has as a tag or a source, or a site of which there is none, and names that are near."""

    zone: Zone | None
    name: str
    near: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """A sentence that tells of it."""
        near = f" Near to it: {', '.join(map(harmless, self.near))}." if self.near else ""
        return f"{NO_ARTICLE[self.zone]} {harmless(self.name)!r}.{near}"


def unknown_in(engine: Engine, text: str, choice: Choice) -> list[UnknownName]:
    """Return what does not exist of the names in a query, which may be empty, and in a choice."""
    if not (text or choice.wanted):
        return []
    with reading(engine) as connection:
        return unknown_names(connection, text, choice, partial(count, connection))


def unknown_names(connection: Connection, text: str, choice: Choice, count: Callable[[str], int]) -> list[UnknownName]:
    """Return what a search is narrowed to and does not exist; `count` tells how many articles a query finds."""
    found = [
        UnknownName(zone, name, tuple(near_names(connection, LINKS[zone], name)))
        for zone, facet in ((Zone.TAGS, Facet.TAG), (Zone.SOURCES, Facet.SOURCE))
        for name in choice.of(facet)
        if not _is_linked(connection, LINKS[zone], name)
    ]
    found += [
        UnknownName(None, name, tuple(_near_sites(name, count)))
        for name in choice.of(Facet.SITE)
        if not count(f"site:{name}")
    ]
    for written, zone, name in fielded(text):
        if zone is not Zone.TITLE and not count(written):
            near = near_names(connection, LINKS[zone], name) if zone else [*_near_sites(name, count)]
            found.append(UnknownName(zone, name, tuple(near)))
    return list(dict.fromkeys(found))


def _is_linked(connection: Connection, links: Table, name: str) -> bool:
    """Tell whether an article has a name as a tag, or as a source: what is one need not be the other."""
    linked = select(links.c.article_id).where(links.c.entity_id.in_(ids_named(connection, name)))
    return connection.execute(linked.limit(1)).first() is not None


def _near_sites(name: str, count: Callable[[str], int]) -> Iterator[str]:
    """Yield the sites with articles whose names, or hosts, are spelled alike."""
    names = {one: site.name for site in known_sites().values() for one in (site.name, *site.all_hosts)}
    close = get_close_matches(site_name(name), names, n=2 * MAX_NAMES)
    yield from (one for one in dict.fromkeys(names[match] for match in close) if count(f"site:{one}"))
