"""Home pages, rubrics, archives and search results: pages that list other pages and have no text of their own."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import DATE, TEASER
from armcrawl.russian.typography import normal_form
from armcrawl.sites import is_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from armcrawl.reading.body.body import Body
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element, Line
    from armcrawl.reading.layout.entries import Entry

# Lines between a title and the date of its article: a rubric, a counter, a picture's caption.
DATE_NEAR = 8
# Characters: a rubric may describe itself in one line.
MAX_INTRODUCTION_LENGTH = 120
# At least this many entries beside an undated text, with at least this many times its length, make the page a home page
# whose text is only an introduction.
MIN_ENTRIES = 5
MIN_OUTWEIGHING = 4
# Side columns of large sites announce up to 60 articles; a page with more than 100 entries is a catalogue.
MAX_BESIDE_ARTICLE = 100


def what_is_listed(roles: Roles, body: Body) -> str | None:
    """Return why a page is a list of other pages, or None if it has a text of its own."""
    document = roles.document
    if is_home(document.address):
        return "the address is a home page's"
    entries = roles.entries
    if not body.lines:
        # Teasers are on every page of a site, even on an empty one.
        entries = [entry for entry in entries if roles.of[min(entry.head, len(roles.of) - 1)] is not TEASER]
    listed = {index for entry in entries for index in range(entry.first, entry.end)}
    text = [line for line in body.lines if line.index not in listed]
    size = sum([len(line.text) for line in text])
    weight = sum([len(document.lines[index].text) for index in listed])
    is_outweighed = len(entries) >= MIN_ENTRIES and weight >= MIN_OUTWEIGHING * size
    undated = not is_dated(roles, listed)
    # Some sites use one `<head>` for all pages, so that each article declares the home page's address.
    if (undated or is_outweighed) and any(map(is_home, document.declared_addresses)):
        return "the page declares that it is the home page"
    if undated and entries and (not size or (size <= MAX_INTRODUCTION_LENGTH and len(entries) > 1)):
        return f"{len(entries)} entries without a text beside them"
    is_catalogue = len(entries) > MAX_BESIDE_ARTICLE
    if undated and is_outweighed and (is_catalogue or not _stands_apart(text, entries, roles)):
        return f"{len(entries)} entries outweigh the text"
    return None


def is_dated(roles: Roles, listed: AbstractSet[int] = frozenset()) -> bool:
    """Tell whether a date near the title belongs to no entry; `listed` are the indexes of the entries' lines."""
    if roles.title is None:
        return False
    title, lines = roles.title.index, roles.document.lines
    first = max(0, title - DATE_NEAR)
    near = roles.of[first : title + DATE_NEAR + 1]
    if DATE not in near:
        return False
    dates = [index for index, role in enumerate(near, first) if role is DATE and index not in listed]
    # A date above the title is the page header's, unless one block contains both.
    return any(index > title or any(map(roles.has_title, _around(lines[index].element))) for index in dates)


def _around(element: Element) -> Iterator[Element]:
    """Yield the parent and grandparent of an element, but never the root of the page."""
    for outer in islice(element.ancestors(), 1, 3):
        if outer.parent is not None:
            yield outer


def _stands_apart(text: Sequence[Line], entries: Sequence[Entry], roles: Roles) -> bool:
    """Tell whether a text follows the page's declared title, and fewer entries lie inside it than it has lines."""
    title = roles.title
    if title is None or normal_form(title.text) not in normal_form(roles.document.page_title):
        return False
    inside = sum(title.index < entry.first < text[-1].index for entry in entries)
    return inside < len(text)
