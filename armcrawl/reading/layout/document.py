"""A page as a browser would lay it out: lines of text in their containers, in page order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Element:
    """A block-level element; its lines are `first <= index < end`.

    `region` is the tag of the innermost navigation, footer, form and so on around it, "" outside of all, and
    `region_root` the element where that region begins. `name` is its `id`, `heading` the level of the heading that it
    is in, 0 for none, `images` the number of pictures inside. Elements with equal `signature` have the same tags and
    classes all the way up.
    """

    # A page has hundreds of elements: a hand-written class makes them in half the time of a dataclass.
    __slots__ = (
        "children",
        "classes",
        "depth",
        "end",
        "first",
        "heading",
        "images",
        "itemprop",
        "name",
        "parent",
        "region",
        "region_root",
        "signature",
        "tag",
    )

    def __init__(self, tag: str, parent: Element | None, classes: str = "", signature: int = 0, first: int = 0) -> None:
        self.tag = tag
        self.parent = parent
        self.classes = classes
        self.signature = signature
        self.name = self.itemprop = ""
        self.first = first
        self.end = self.images = 0
        self.children: list[Element] = []
        if parent is None:
            self.depth = self.heading = 0
            self.region = ""
            self.region_root: Element | None = None
        else:
            parent.children.append(self)
            self.depth = parent.depth + 1
            self.heading = parent.heading
            self.region = parent.region
            self.region_root = parent.region_root

    def ancestors(self) -> Iterator[Element]:
        """Yield this element and all elements around it, the innermost first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def holds(self, index: int) -> bool:
        """Tell whether the line with that index is inside this element."""
        return self.first <= index < self.end

    def is_like(self, other: Element) -> bool:
        """Tell whether two elements have the same tag and classes."""
        return self.tag == other.tag and self.classes == other.classes


# Slots are read five times as fast as the fields of a named tuple, and every rule reads these.
@dataclass(slots=True, eq=False)
class Anchor:
    """A link in a line, and whether its `rel` declares it as a tag of the page, or as its rubric."""

    address: str
    text: str
    is_tag: bool = False
    is_rubric: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """A line of text, as a browser would lay it out between two breaks.

    `gap` is the number of `<br>` before it within its element. `linked` is the number of its characters in links,
    `link_share` their share (0 to 1), and `is_link` whether all are, except for separators. `loose` is the text with a
    space between inline elements, which style sheets usually separate. `heading` is its level, 0 for none; `emphasis`
    is whether at least eight tenths of it are bold. `moment` is the machine-readable date of a `<time>` or the like;
    `before_link` is the text before the first link. `is_date` caches the answer of `is_date_line`.
    """

    index: int
    element: Element
    text: str
    loose: str
    anchors: tuple[Anchor, ...]
    linked: int
    link_share: float
    is_link: bool
    gap: int
    heading: int
    emphasis: bool
    moment: str | None
    itemprop: str
    before_link: str
    is_date: bool | None = None


@dataclass(slots=True, eq=False)
class Picture:
    """An image: its address, its `alt`, the number of lines before it, and the address `target` that it links to."""

    address: str
    alt: str
    before: int
    element: Element
    is_small: bool
    target: str | None


class Overlay(NamedTuple):
    """A link without text that style sheets stretch over the card around it; `label` is its `aria-label`."""

    address: str
    label: str
    element: Element


@dataclass(slots=True)
class Document:
    """Everything about a page that the rules of reading use.

    `linked` are the lines with links, `elements` all elements but the root, `regions` those where regions begin, all in
    page order. `meta` has the lists of contents by lower-case name, `scripts` the texts of JSON-LD scripts, `links` all
    addresses in page order, `itemprops` the first text by microdata name, `hinted` the texts that the site's selectors
    found, by field.
    """

    address: str
    lines: list[Line]
    pictures: list[Picture]
    linked: list[Line]
    root: Element
    elements: list[Element]
    regions: list[Element]
    page_title: str
    meta: dict[str, list[str]]
    scripts: list[str]
    links: list[str]
    itemprops: dict[str, str]
    overlays: list[Overlay]
    hinted: Mapping[str, tuple[str, ...]]

    @property
    def declared_addresses(self) -> tuple[str, ...]:
        """The canonical addresses that the page declares, which may differ from the one it was fetched from."""
        return (*self.meta.get("canonical", ()), *self.meta.get("og:url", ()))

    def break_cycles(self) -> None:
        """Remove the references between elements, once the page has been read.

        Elements refer to each other in cycles; the garbage collector took a sixth of the time of reading to free them.
        """
        for element in self.elements:
            element.parent = element.region_root = None
