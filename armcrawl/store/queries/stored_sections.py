"""Which sections there are, and how a query tells their articles: by the lowest bits of their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select, true, tuple_

from armcrawl.store.base.article_order import SECTION_BITS, section_bits
from armcrawl.store.base.schema import articles, pages
from armcrawl.store.queries.choice import Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.store.queries.choice import Choice

    # Makes of a query for ids of articles the condition that an article is among them.
    Membership = Callable[[Select[Any]], ColumnElement[bool]]

# A site's name and its section's.
Section = tuple[str, str]
MASK = (1 << SECTION_BITS) - 1


def stored_sections(connection: Connection) -> dict[int, list[Section]]:
    """Return the sections of which there are pages by the bits of their articles' places; two may share them.

    From one to the next by the index: to part all pages into groups would read through a million.
    """
    found: dict[int, list[Section]] = {}
    names = (pages.c.site, pages.c.section)
    query = select(*names).order_by(*names).limit(1)
    row = connection.execute(query).first()
    while row is not None:
        section = (row.site, row.section)
        found.setdefault(section_bits(*section), []).append(section)
        row = connection.execute(query.where(tuple_(*names) > section)).first()
    return found


def section_names(connection: Connection) -> dict[int, str]:
    """Return the names of sections by their bits; two that share these under both names."""
    sections = stored_sections(connection).items()
    return {bits: " / ".join(sorted({name for _, name in those})) for bits, those in sections}


def in_sections(
    connection: Connection, choice: Choice, place: ColumnElement[int], among: Membership
) -> list[ColumnElement[bool]]:
    """Return the condition for the articles of the sites and sections of a choice, if it has any."""
    facets = {Facet.SITE, Facet.SECTION}
    if not any(facet in facets for facet, _ in choice.wanted | choice.unwanted):
        return []
    sections = stored_sections(connection)
    fitting = {section for shared in sections.values() for section in shared if fits(choice, section)}
    bits = place.bitwise_and(MASK)
    whole = [one for one, shared in sections.items() if fitting.issuperset(shared)]
    found: list[ColumnElement[bool]] = [bits.in_(sorted(whole))] if whole else []
    for one, shared in sections.items():
        some = [section for section in shared if section in fitting]
        if some and one not in whole:
            found.append((bits == one) & among(_articles_of(some)))
    return [or_(false(), *found)] if len(whole) < len(sections) else [true()]


def fits(choice: Choice, section: Section) -> bool:
    """Tell whether a section is one of those of a choice."""
    site, name = section
    return choice.fits(Facet.SITE, site) and choice.fits(Facet.SECTION, name)


def _articles_of(sections: Collection[Section]) -> Select[Any]:
    of_page = tuple_(pages.c.site, pages.c.section)
    return select(articles.c.id).join(pages, pages.c.id == articles.c.page_id).where(of_page.in_(sorted(sections)))
