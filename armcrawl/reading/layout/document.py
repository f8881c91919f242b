"""A page as a browser would lay it out: lines of text in their containers, in page order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Element:
    """A block-level element; its lines are `first <= index < end`.

    `region` names the navigation, footer, form ... that it is part of, and `region_root` is where
    that begins; `name` is its `id`. Elements of equal `signature` have the same tags and classes all the way up.
    """

    # A page has hundreds of elements: written out, their making takes half of what a dataclass does.
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
        """Yield this element and all around it, inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def holds(self, index: int) -> bool:
        """Tell whether the line of that index is inside this element."""
        return self.first <= index < self.end

    def is_like(self, other: Element) -> bool:
        """Tell whether two elements look alike from outside."""
        return self.tag == other.tag and self.classes == other.classes


# The fields of slots are read five times as fast as those of a tuple, and every rule reads these.
@dataclass(slots=True, eq=False)
class Anchor:
    """A link in a line, and whether it was declared as a tag of the page, or as its rubric."""

    address: str
    text: str
    is_tag: bool = False
    is_rubric: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """What a browser would set between two breaks.

    `gap` is the number of `<br>` before it within its element; `linked` is how many of its characters are links,
    `link_share` which part of them, and `is_link` whether all are, save for separators; `loose` is the text with a
    space between inline elements, as style sheets usually set them apart; `moment` is a `<time datetime>`;
    `before_link` is the text before the first link; `is_date` is what `is_date_line` found, once it was asked.
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
    """An image: its address, its `alt`, and the number of lines before it."""

    address: str
    alt: str
    before: int
    element: Element
    is_small: bool
    target: str | None


class Overlay(NamedTuple):
    """A link without text, which style sheets lay over the card that it is in; `label` is what it is read out as."""

    address: str
    label: str
    element: Element


@dataclass(slots=True)
class Document:
    """All of a page that evidence is taken from; `linked` are the lines with links, `regions` where regions begin."""

    address: str
    lines: list[Line]
    pictures: list[Picture]
    linked: list[Line]
    root: Element
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
        """The addresses that the page says are its own, whatever it was asked for under."""
        return (*self.meta.get("canonical", ()), *self.meta.get("og:url", ()))

    def take_apart(self) -> None:
        """Part the elements, when the page has been read.

        They hold one another, and would wait for the garbage collector, which took a sixth of the time of reading.
        """
        for element in self.regions:
            # It is its own.
            element.region_root = None
        elements = [self.root]
        for element in elements:
            # What has no children holds nothing that holds it.
            elements += [child for child in element.children if child.children]
            element.children.clear()
