"""Entries of a list: blocks that look alike, each with a heading that links to another page of the site."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.russian.phrases import is_read_more
from armcrawl.russian.typography import normal_form
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.reading.layout.document import Anchor, Document, Element, Line

# Regions whose links are the same on every page: menus, side columns, small print.
OUTSIDE = frozenset({"nav", "footer", "form", "menu", "dialog", "aside"})
# A link that is no heading is a headline if it has three words; links of menus and buttons have one or two.
MIN_WORDS = 3
# A line with at least this share of its characters in links is a link, perhaps with a date or a rubric beside it.
MIN_LINK_SHARE = 0.6
# Lines of an entry without a container whose link is no heading: the link, its lead and its date.
MAX_FLAT_LINES = 3
# Characters: above the heading of an entry are its date and its rubric; a longer line there is the text of an article.
MAX_ABOVE_LENGTH = 80
# Lines of an entry: a rubric, a heading, a lead, a date, an author and some counters; an article has more.
MAX_CARD_LINES = 20
# Links such as «Подробнее»: two of them may occur in any article.
MIN_READ_MORE = 3
# Kinds of headings on one page. The richest home pages have thirteen; a hostile page may have one for each line.
MAX_RUNS = 50


@dataclass(slots=True, eq=False)
class Entry:
    """A block of lines, `first <= index < end`, the index of its headline, and the address that this links to."""

    head: int
    address: str
    first: int
    end: int


@dataclass(slots=True, eq=False)
class Head:
    """The headline of a possible entry: the index of a line that links to another page."""

    line: int
    element: Element
    address: str
    is_heading: bool


def find_entries(document: Document, title: Line | None) -> list[Entry]:
    """Return the blocks that announce other pages of the page's own site, in page order.

    Blocks count if at least two have headlines of the same tags. A single block counts if its headline is a heading, as
    in a rubric with one article. `title` is the line that shows the page's title, if any.
    """
    hosts = own_hosts(document)
    names = [normal_form(name) for name in (document.page_title, *document.meta.get("og:title", ())) if name]
    runs: dict[tuple[int, int], list[Head]] = {}
    shapes = _Shapes()
    for line in document.linked:
        if line is title or (headline := _headline(line)) is None:
            continue
        if not _links_elsewhere(headline.address, document, hosts) or _is_named(line, names):
            continue
        run = runs.setdefault((shapes.of(line.element), line.heading), [])
        # A lead inside the link, or a second link to the same page, belongs to the same entry.
        if not run or run[-1].address != headline.address:
            run.append(Head(line.index, line.element, headline.address, line.heading > 0))
    entries = list(_cards(document, hosts))
    for run in sorted(runs.values(), key=len, reverse=True)[:MAX_RUNS]:
        if len({head.address for head in run}) > 1:
            entries += _blocks(run, document, title)
        elif run[0].is_heading and len(document.lines[run[0].line].text.split()) >= MIN_WORDS:
            entries += _lone_block(run[0], document, title)
    known = {entry.address for entry in entries}
    entries += (entry for entry in _read_more_blocks(document, hosts, title) if entry.address not in known)
    return sorted(entries, key=lambda entry: entry.first)


def _read_more_blocks(document: Document, hosts: set[str], title: Line | None) -> Iterator[Entry]:
    """Yield blocks whose headline is no link, but whose lead is followed by a link such as «Подробнее»."""
    run: list[Head] = []
    for line in document.linked:
        last = line.anchors[-1]
        if (
            is_read_more(last.text)
            and line.element.region not in OUTSIDE
            and _links_elsewhere(last.address, document, hosts)
        ):
            run.append(Head(line.index, line.element, last.address, is_heading=False))
    if len({head.address for head in run}) < MIN_READ_MORE:
        return
    # Where no element separates them, each has as many lines as the shortest: the lines above may be a text.
    size = min(MAX_FLAT_LINES + 1, *(other.line - one.line for one, other in pairwise(run)))
    for head, block, _ in _parted(run):
        if block is not None and 1 < block.end - block.first <= MAX_CARD_LINES:
            first, end = block.first, block.end
        else:
            first, end = max(0, head.line + 1 - size), head.line + 1
        if title is None or not first <= title.index < end:
            yield Entry(head.line, head.address, first, end)


def _parted(run: Sequence[Head]) -> Iterator[tuple[Head, Element | None, Element]]:
    """Yield each head, the outermost element around it without its neighbours (or None), and that element's parent."""
    around = [_common(one.element, other.element) for one, other in pairwise(run)]
    for place, head in enumerate(run):
        # The innermost element that contains the head and a neighbour.
        holder = max(around[max(0, place - 1) : place + 1], key=lambda element: element.depth)
        yield head, next((element for element in head.element.ancestors() if element.parent is holder), None), holder


def own_hosts(document: Document) -> set[str]:
    """Return the hosts of the page: that of its address, and those that it declares, as a mirror's copy does."""
    return {host_of(address) for address in (document.address, *document.declared_addresses)} - {""}


def _links_elsewhere(address: str, document: Document, hosts: set[str]) -> bool:
    """Tell whether an address is another page of the site, and not the home page."""
    if host_of(address) not in hosts:
        return False
    plain = address.rstrip("/")
    # A home page has no slashes but those of `https://`.
    return plain.count("/") > 2 and plain != document.address.rstrip("/")


def _cards(document: Document, hosts: set[str]) -> Iterator[Entry]:
    """Yield the cards with a link stretched over them whose label contains their heading."""
    for address, label, card in document.overlays:
        if card.end - card.first > MAX_CARD_LINES:
            continue
        heads = (line for line in document.lines[card.first : card.end] if line.heading and line.text in label)
        head = next(heads, None)
        if head is not None and _links_elsewhere(address, document, hosts):
            yield Entry(head.index, address, card.first, card.end)


def _headline(line: Line) -> Anchor | None:
    """Return the link of a line that is a headline, perhaps with a date or a rubric beside it; None if it is not."""
    if line.link_share < MIN_LINK_SHARE or line.element.region in OUTSIDE:
        return None
    longest = line.anchors[0] if len(line.anchors) == 1 else max(line.anchors, key=lambda anchor: len(anchor.text))
    if 2 * len(longest.text) < len(line.text):
        return None
    is_headline = line.heading or (len(longest.text.split()) >= MIN_WORDS and not is_read_more(longest.text))
    return longest if is_headline else None


def _is_named(line: Line, names: Sequence[str]) -> bool:
    """Tell whether a heading is part of the page's own title: an article's heading may link to its other address."""
    if not line.heading:
        return False
    own = normal_form(line.text)
    return any(own in name for name in names)


class _Shapes:
    """Numbers for the tags around elements; classes are ignored, as some systems give each entry another one."""

    def __init__(self) -> None:
        self.known: dict[Element | None, int] = {None: 0}
        self.numbers: dict[tuple[int, str], int] = {}

    def of(self, element: Element) -> int:
        """Return a number that is equal for elements of the same tags all the way up."""
        above: list[Element] = []
        current: Element | None = element
        while current is not None and current not in self.known:
            above.append(current)
            current = current.parent
        shape = self.known[current]
        for current in reversed(above):
            shape = self.numbers.setdefault((shape, current.tag), len(self.numbers) + 1)
            self.known[current] = shape
        return shape


def _blocks(run: Sequence[Head], document: Document, title: Line | None) -> Iterator[Entry]:
    """Yield for each head the element that separates it from its neighbours, else the lines up to the next head."""
    for place, (head, block, holder) in enumerate(_parted(run)):
        if block is not None and block.end - block.first > 1 and _opens(head, block, document):
            first, end = block.first, block.end
        else:
            first, end = head.line, holder.end
            if place + 1 < len(run):
                end = min(end, run[place + 1].line)
            if not head.is_heading:
                end = min(end, first + MAX_FLAT_LINES)
        if title is None or not first <= title.index < end:
            yield Entry(head.line, head.address, first, end)


def _opens(head: Head, block: Element, document: Document) -> bool:
    """Tell whether the lines above a head in its block are so short that they are no other text."""
    above = document.lines[block.first : head.line]
    return all(len(line.text) <= MAX_ABOVE_LENGTH or line.is_link for line in above)


def _lone_block(head: Head, document: Document, title: Line | None) -> Iterator[Entry]:
    """Yield the entry of a single heading.

    It ends with the outermost element around the heading that contains neither the title nor a text above the heading.
    """
    block = head.element
    while block.parent is not None and not (title is not None and block.parent.holds(title.index)):
        if not _opens(head, block.parent, document):
            break
        block = block.parent
    if title is None or title.index < head.line:
        yield Entry(head.line, head.address, head.line, block.end)


def _common(one: Element, other: Element) -> Element:
    """Return the innermost element around both elements."""
    while one is not other:
        if one.depth >= other.depth and one.parent is not None:
            one = one.parent
        elif other.parent is not None:
            other = other.parent
    return one
