"""Entries of a list: like blocks, each under a linked heading of its own that leads to another page of the site."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.russian.phrases import leads_on
from armcrawl.russian.typography import normal_form
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.reading.layout.document import Anchor, Document, Element, Line

# Menus, side columns and small print have links of their own on every page.
OUTSIDE = frozenset({"nav", "footer", "form", "menu", "dialog", "aside"})
# A link that is no heading is a headline from three words on; menus and buttons have one or two.
MIN_WORDS = 3
# A date or a rubric before a headline leaves most of the line a link.
MIN_LINK_SHARE = 0.6
# Without containers a link that is no heading is followed by its lead and its date at most.
MAX_FLAT_LINES = 3
# Above the heading of an entry stand its date and its rubric; what is longer is the text of an article.
MAX_ABOVE_LENGTH = 80
# A rubric, a heading, a lead, a date, an author and some counters; an article has more lines.
MAX_CARD_LINES = 20
# Two «Подробнее» may stand in any article.
MIN_LEADS = 3
# The richest home pages have thirteen; a hostile page may have as many as lines.
MAX_RUNS = 50


@dataclass(slots=True, eq=False)
class Entry:
    """A block of the page's lines `first <= index < end`, what leads to what it announces, and to where."""

    head: int
    address: str
    first: int
    end: int


@dataclass(slots=True, eq=False)
class Head:
    """A line that is a link to the page of an entry."""

    line: int
    element: Element
    address: str
    is_heading: bool


def find_entries(document: Document, title: Line | None) -> list[Entry]:
    """Return the like blocks that lead to other pages of the page's own site, in page order.

    One block alone counts where it stands under a heading: a rubric of one article.
    """
    hosts = own_hosts(document)
    names = [normal_form(name) for name in (document.page_title, *document.meta.get("og:title", ())) if name]
    runs: dict[tuple[int, int], list[Head]] = {}
    shapes = _Shapes()
    for line in document.linked:
        if line is title or (headline := _headline(line)) is None:
            continue
        if not _leads_elsewhere(headline.address, document, hosts) or _is_named(line, names):
            continue
        run = runs.setdefault((shapes.of(line.element), line.heading), [])
        # A lead inside the link, or a second link to the same page, is of the same entry.
        if not run or run[-1].address != headline.address:
            run.append(Head(line.index, line.element, headline.address, line.heading > 0))
    entries = list(_cards(document, hosts))
    for run in sorted(runs.values(), key=len, reverse=True)[:MAX_RUNS]:
        if len({head.address for head in run}) > 1:
            entries += _blocks(run, document, title)
        elif run[0].is_heading and len(document.lines[run[0].line].text.split()) >= MIN_WORDS:
            entries += _lone_block(run[0], document, title)
    known = {entry.address for entry in entries}
    entries += (entry for entry in _leads(document, hosts, title) if entry.address not in known)
    return sorted(entries, key=lambda entry: entry.first)


def _leads(document: Document, hosts: set[str], title: Line | None) -> Iterator[Entry]:
    """Yield blocks whose headline is no link: «Подробнее» after each lead leads to its page."""
    run: list[Head] = []
    for line in document.linked:
        last = line.anchors[-1]
        if (
            leads_on(last.text)
            and line.element.region not in OUTSIDE
            and _leads_elsewhere(last.address, document, hosts)
        ):
            run.append(Head(line.index, line.element, last.address, is_heading=False))
    if len({head.address for head in run}) < MIN_LEADS:
        return
    # Where nothing sets them apart, each has as many lines as the shortest, and its link: what is above may be a text.
    size = min(MAX_FLAT_LINES + 1, *(other.line - one.line for one, other in pairwise(run)))
    for head, block, _ in _parted(run):
        if block is not None and 1 < block.end - block.first <= MAX_CARD_LINES:
            first, end = block.first, block.end
        else:
            first, end = max(0, head.line + 1 - size), head.line + 1
        if title is None or not first <= title.index < end:
            yield Entry(head.line, head.address, first, end)


def _parted(run: Sequence[Head]) -> Iterator[tuple[Head, Element | None, Element]]:
    """Yield each head with the element that sets it apart from its neighbours, if one does, and what holds them."""
    around = [_common(one.element, other.element) for one, other in pairwise(run)]
    for place, head in enumerate(run):
        # The innermost element that the head shares with a neighbour.
        holder = max(around[max(0, place - 1) : place + 1], key=lambda element: element.depth)
        yield head, next((element for element in head.element.ancestors() if element.parent is holder), None), holder


def own_hosts(document: Document) -> set[str]:
    """Return the hosts of the page: a copy served elsewhere still declares its own."""
    return {host_of(address) for address in (document.address, *document.declared_addresses)} - {""}


def _leads_elsewhere(address: str, document: Document, hosts: set[str]) -> bool:
    """Tell whether an address is another page of the site, and not the home page."""
    if host_of(address) not in hosts:
        return False
    plain = address.rstrip("/")
    # Beyond the slashes of `https://` a home page has none.
    return plain.count("/") > 2 and plain != document.address.rstrip("/")


def _cards(document: Document, hosts: set[str]) -> Iterator[Entry]:
    """Yield the cards under a link that is laid over them, and is read out as their heading."""
    for address, label, card in document.overlays:
        if card.end - card.first > MAX_CARD_LINES:
            continue
        heads = (line for line in document.lines[card.first : card.end] if line.heading and line.text in label)
        head = next(heads, None)
        if head is not None and _leads_elsewhere(address, document, hosts):
            yield Entry(head.index, address, card.first, card.end)


def _headline(line: Line) -> Anchor | None:
    """Return the link that a line is, with at most a date or a rubric beside it."""
    if line.link_share < MIN_LINK_SHARE or line.element.region in OUTSIDE:
        return None
    longest = line.anchors[0] if len(line.anchors) == 1 else max(line.anchors, key=lambda anchor: len(anchor.text))
    if 2 * len(longest.text) < len(line.text):
        return None
    is_headline = line.heading or (len(longest.text.split()) >= MIN_WORDS and not leads_on(longest.text))
    return longest if is_headline else None


def _is_named(line: Line, names: Sequence[str]) -> bool:
    """Tell whether the page calls itself so: the heading of an article may lead to another address of it."""
    if not line.heading:
        return False
    own = normal_form(line.text)
    return any(own in name for name in names)


class _Shapes:
    """The tags around an element, as a number: classes differ from entry to entry of some systems."""

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
    """Give each head the element that sets it apart from its neighbours, else what follows up to the next one."""
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
    """Tell whether nothing stands above a head in its block that may be a text of another kind."""
    above = document.lines[block.first : head.line]
    return all(len(line.text) <= MAX_ABOVE_LENGTH or line.is_link for line in above)


def _lone_block(head: Head, document: Document, title: Line | None) -> Iterator[Entry]:
    """Give a heading without others like it what follows, up to the end of what holds no text above it."""
    block = head.element
    while block.parent is not None and not (title is not None and block.parent.holds(title.index)):
        if not _opens(head, block.parent, document):
            break
        block = block.parent
    if title is None or title.index < head.line:
        yield Entry(head.line, head.address, head.line, block.end)


def _common(one: Element, other: Element) -> Element:
    """Return the innermost element around both."""
    while one is not other:
        if one.depth >= other.depth and one.parent is not None:
            one = one.parent
        elif other.parent is not None:
            other = other.parent
    return one
