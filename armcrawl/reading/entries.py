"""Entries of a list: like blocks, each under a linked heading of its own that leads to another page of the site."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.addresses import host_of
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from armcrawl.reading.document import Document, Element, Line

# Menus, side columns and small print have links of their own on every page.
OUTSIDE = frozenset({"nav", "footer", "form", "menu", "dialog", "aside"})
# A link that is no heading is a headline from three words on; menus and buttons have one or two.
FEWEST_WORDS = 3
# A date or a rubric before a headline leaves most of the line a link.
LEAST_LINKED = 0.6
# Without containers a link that is no heading is followed by its lead and its date at most.
MOST_FLAT_LINES = 3
# Above the heading of an entry stand its date and its rubric; what is longer is the text of an article.
LONGEST_ABOVE = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A block of the page's lines `first <= index < end`, and the line that leads to what it announces."""

    heading: Line
    address: str
    first: int
    end: int


def find_entries(document: Document, title: Line | None) -> list[Entry]:
    """Return the like blocks that lead to other pages of the page's own site, in page order.

    One block alone counts where it stands under a heading: a rubric of one article.
    """
    hosts = _own_hosts(document)
    names = [normal_form(name) for name in (document.page_title, *document.meta.get("og:title", ())) if name]
    runs: dict[tuple[int, int], list[Line]] = {}
    shapes = _Shapes()
    for line in document.lines:
        if line is title or not _may_head(line, document, hosts) or _is_named(line, names):
            continue
        run = runs.setdefault((shapes.of(line.element), line.heading), [])
        # A lead inside the link, or a second link to the same page, is of the same entry.
        if not run or run[-1].anchors[0].address != line.anchors[0].address:
            run.append(line)
    entries: list[Entry] = []
    for run in runs.values():
        if len({line.anchors[0].address for line in run}) > 1:
            entries += _blocks(run, title)
        elif run[0].heading and len(run[0].text.split()) >= FEWEST_WORDS:
            entries += _lone_block(run[0], document, title)
    return sorted(entries, key=lambda entry: entry.first)


def _own_hosts(document: Document) -> set[str]:
    """Return the hosts of the page: a copy served elsewhere still declares its own."""
    stated = (*document.meta.get("canonical", ()), *document.meta.get("og:url", ()))
    return {host_of(address) for address in (document.address, *stated)} - {""}


def _may_head(line: Line, document: Document, hosts: set[str]) -> bool:
    if not line.anchors or line.link_share < LEAST_LINKED or line.element.region in OUTSIDE:
        return False
    if not line.heading and len(line.text.split()) < FEWEST_WORDS:
        return False
    address = line.anchors[0].address.rstrip("/")
    # Beyond the slashes of `https://` a home page has none.
    return address.count("/") > 2 and host_of(address) in hosts and address != document.address.rstrip("/")


def _is_named(line: Line, names: Sequence[str]) -> bool:
    """Tell whether the page calls itself so: the heading of an article may lead to another address of it."""
    return bool(line.heading) and any(normal_form(line.text) in name for name in names)


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


def _blocks(run: Sequence[Line], title: Line | None) -> Iterator[Entry]:
    """Give each heading the element that sets it apart from its neighbours, else what follows up to the next one."""
    around = [_common(one.element, other.element) for one, other in pairwise(run)]
    for place, line in enumerate(run):
        # The innermost element that the heading shares with a neighbour.
        holder = max(around[max(0, place - 1) : place + 1], key=lambda element: element.depth)
        block = next((element for element in line.element.ancestors() if element.parent is holder), None)
        if block is not None and block.end - block.first > 1:
            first, end = block.first, block.end
        else:
            first, end = line.index, holder.end
            if place + 1 < len(run):
                end = min(end, run[place + 1].index)
            if not line.heading:
                end = min(end, first + MOST_FLAT_LINES)
        if title is None or not first <= title.index < end:
            yield Entry(line, line.anchors[0].address, first, end)


def _lone_block(line: Line, document: Document, title: Line | None) -> Iterator[Entry]:
    """Give a heading without others like it what follows, up to the end of what holds no text above it."""
    block = line.element
    while block.parent is not None and not (title is not None and block.parent.holds(title.index)):
        above = document.lines[block.parent.first : block.first]
        if any(len(other.text) > LONGEST_ABOVE and not other.is_link for other in above):
            break
        block = block.parent
    if title is None or title.index < line.index:
        yield Entry(line, line.anchors[0].address, line.index, block.end)


def _common(one: Element, other: Element) -> Element:
    """Return the innermost element around both."""
    while one is not other:
        if one.depth >= other.depth and one.parent is not None:
            one = one.parent
        elif other.parent is not None:
            other = other.parent
    return one
