"""Home pages, rubrics, archives and results of a search: pages whose text is that of what they list."""

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

# Between a title and the date of its article stand a rubric, a counter, a picture with its caption.
DATE_NEAR = 8
# A rubric may say in a line what it is about.
MAX_INTRODUCTION_LENGTH = 120
# Beside a text without a date five entries and more, four times as long as it, are a home page with an introduction.
MIN_ENTRIES = 5
MIN_OUTWEIGHING = 4
# Side columns of large sites announce up to sixty articles; a catalogue has more.
MAX_BESIDE_ARTICLE = 100


def what_is_listed(roles: Roles, body: Body) -> str | None:
    """Tell what makes a page a list of other pages, or return None for a page with a text of its own."""
    document = roles.document
    if is_home(document.address):
        return "the address is a home page's"
    entries = roles.entries
    if not body.lines:
        # Teasers stand on every page of a site, also on one that is empty.
        entries = [entry for entry in entries if roles.of[min(entry.head, len(roles.of) - 1)] is not TEASER]
    listed = {index for entry in entries for index in range(entry.first, entry.end)}
    text = [line for line in body.lines if line.index not in listed]
    size = sum([len(line.text) for line in text])
    weight = sum([len(document.lines[index].text) for index in listed])
    is_outweighed = len(entries) >= MIN_ENTRIES and weight >= MIN_OUTWEIGHING * size
    undated = not is_dated(roles, listed)
    # One head for all pages of a site may name the home page's address on each of them.
    if (undated or is_outweighed) and any(map(is_home, document.declared_addresses)):
        return "the page declares that it is the home page"
    if undated and entries and (not size or (size <= MAX_INTRODUCTION_LENGTH and len(entries) > 1)):
        return f"{len(entries)} entries without a text beside them"
    is_catalogue = len(entries) > MAX_BESIDE_ARTICLE
    if undated and is_outweighed and (is_catalogue or not _stands_apart(text, entries, roles)):
        return f"{len(entries)} entries outweigh the text"
    return None


def is_dated(roles: Roles, listed: AbstractSet[int] = frozenset()) -> bool:
    """Tell whether a date stands beside the title that is no entry's."""
    if roles.title is None:
        return False
    title, lines = roles.title.index, roles.document.lines
    first = max(0, title - DATE_NEAR)
    near = roles.of[first : title + DATE_NEAR + 1]
    if DATE not in near:
        return False
    dates = [index for index, role in enumerate(near, first) if role is DATE and index not in listed]
    # A day above the title is the page header's, unless one block holds both.
    return any(index > title or any(map(roles.has_title, _around(lines[index].element))) for index in dates)


def _around(element: Element) -> Iterator[Element]:
    """Yield the two innermost blocks around an element, but never the page itself."""
    for outer in islice(element.ancestors(), 1, 3):
        if outer.parent is not None:
            yield outer


def _stands_apart(text: Sequence[Line], entries: Sequence[Entry], roles: Roles) -> bool:
    """Tell whether a text follows the title that the page declares, with fewer entries amid it than it has lines."""
    title = roles.title
    if title is None or normal_form(title.text) not in normal_form(roles.document.page_title):
        return False
    amid = sum(title.index < entry.first < text[-1].index for entry in entries)
    return amid < len(text)
